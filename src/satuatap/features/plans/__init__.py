"""Regrouping plans: their versions, who reviewed and decided, what was said about them, and each move with its papers.

Words: *plan* (rencana penataan: which unit moves to which building, and when), *version* (frozen: moves, cost by term,
proved bound, the inventory it was built on), *claim* (a figure somebody published, beside ours and never added),
*decision* (Keputusan Wali Kota), *move* (pindah: one unit, once decided), *check* (a paper that a move needs), *hours*
(what a unit says in two minutes a month about upkeep, errands and coordination).

Where a unit really sits is the estate's to say: a plan only says where it should. Regional goods change hands as
Permendagri 19/2016 (changed by 7/2024) asks: the Pengelola Barang is the Sekda.
"""
