"""The city's estate: buildings, what they cost, which unit sits where, and what is not known about it.

Words: *building* (gedung), *floor* (lantai), *space* (ruang: m2 of one kind), *unit* (unit kerja: an office, or a part
of one, that moves as a whole), *placement* (who sits where since when), *meter* and *bill* (of electricity or water),
*post* (what support staff do), *norm* (an official or missing figure with article and year, as a range), *standing*
(whether a figure is sourced, made up, a norm or without source), *study* (a search for a better placement, as a job).

A building belongs to the city's goods (BMD, PP 27/2014 jo. PP 28/2020, Permendagri 19/2016 jo. 7/2024). No person is in
these tables: staff are numbers, and whoever a lease is with is not named.
"""
