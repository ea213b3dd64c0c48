"""Everything outside this process that is asked for something: clouds, store, settings, keys."""
