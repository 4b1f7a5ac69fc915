"""The way to the register and back: sends what happened, fetches the news, and loses nothing in between."""
