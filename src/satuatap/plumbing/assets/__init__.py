"""Browser assets: fetched by npm's lock, cut to what is used, built into a folder that is never committed."""
