"""QObjects around values, one `changed` signal each."""
