"""What `satuatap doctor` looks at: one sentence a thing, with what to do; nothing is changed by looking."""
