"""Personal data of the whole house: what is declared, the register, what was erased, keys that change."""
