"""Which unit sits in which building, which buildings are set free, and how far that plan can be from the best."""
