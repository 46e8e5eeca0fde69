"""The catalogue: public services, what to bring, where each can be finished, and how several fit into one visit.

Words: *service* (layanan: the product), *standard* (standar pelayanan: 14 components, UU 25/2009, PermenPANRB 15/2014),
*component* (1 to 14; 1 to 6 are published), *basis* (whose word a text is: Palembang's own, a national rule, another
office's, unknown), *step* (langkah: what one desk does of a service), *place* (where a service can be finished),
*life event* (peristiwa hidup), *sequence* (what must come first), *plan* (several services in one visit).
"""
