"""What is asked of a study afterwards: why not there, in which years, at what price, how sure."""
