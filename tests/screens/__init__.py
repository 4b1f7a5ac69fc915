"""Pictures of every state of every page: made, and compared with the approved ones (`./dev screens`)."""
