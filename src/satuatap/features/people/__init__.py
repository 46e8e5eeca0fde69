"""Who is who: agencies (instansi) of every kind, accounts, and roles with limits in time and place.

Words: *agency* (instansi: a body that serves), *account* (one member of staff, or one device), *role* (peran: what an
account may do), *grant* (one role given to one account, for a place and a time). Staff are named here and nowhere else.
"""
