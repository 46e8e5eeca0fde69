"""The HTTP API for programs: what may be read, and the addresses of the front's hot endpoints, in one OpenAPI."""
