"""Everything wired together: settings, addresses, the command line, the server. Knows every room."""
