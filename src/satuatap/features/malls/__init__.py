"""Malls: where they stand, their zones, booths and desks, their hours and calendar, and their clock.

Words: *mall* (mal), *zone* (zona: a part of the hall, one letter), *booth* (gerai: an agency's place in a mall), *desk*
(loket: a booth has one or more), *hours* (jam layanan), *calendar day* (a date with a rule of its own), *clock* (a demo
may run on other than real time). What a call reads and writes about a desk stands in ``visits``.
"""
