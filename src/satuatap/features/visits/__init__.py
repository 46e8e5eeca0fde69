"""Visits: one citizen, one number, all her errands; who is called next, and what came of it.

Words: *visit* (kunjungan: one citizen, one number), *errand* (urusan: one step of a service wanted in that visit),
*step* (what a desk can do), *desk* (loket; its standing row for calls is here, its place in the hall in ``malls``),
*policy* (the weights that say who is next), *line* (errands whose order never changes among themselves), *key* (an
errand's fixed place in its line), *missed* (terlewat), *score* (who is called first).

The visit row is the lock: whoever takes a citizen to a desk holds her visit, so she is never at two desks.
"""
