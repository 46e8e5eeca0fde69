"""The hall's voice: how its clips were made (``make_clips``, run once) and what they say."""
