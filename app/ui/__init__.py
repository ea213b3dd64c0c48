"""The window: actions, panes, dialogs, theme."""
