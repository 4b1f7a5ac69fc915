"""What holds for every test."""

from hypothesis import settings

# A test that is slow on a busy machine is not wrong: nothing here asserts a time.
settings.register_profile("kiosk", deadline=None)
settings.load_profile("kiosk")
