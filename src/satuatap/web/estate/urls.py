from __future__ import annotations

from django.urls import path

from satuatap.web.estate import columns, houses, imports, lists, norms, quality, terms

app_name = "estate"
urlpatterns = [
    path("studio/gedung", houses.houses_page, name="houses"),
    path("studio/gedung/<slug:code>", houses.house_page, name="house"),
    path("studio/unit", houses.units_page, name="units"),
    path("studio/harga", norms.norms_page, name="norms"),
    path("studio/mutu", quality.quality_page, name="quality"),
    path("studio/daftar", lists.lists_page, name="lists"),
    path("studio/daftar/<slug:sheet>", lists.list_page, name="list"),
    path("studio/daftar/<slug:sheet>/baru", lists.row_page, name="new"),
    path("studio/daftar/<slug:sheet>/<slug:row>", lists.row_page, name="row"),
    path("studio/daftar/<slug:sheet>/<slug:row>/hapus", lists.remove, name="remove"),
    path("studio/perubahan/<uuid:change>/batalkan", lists.undo, name="undo"),
    path("studio/impor", imports.start, name="import"),
    path("studio/impor/templat/<slug:which>", imports.template, name="template"),
    path("studio/impor/isi/<slug:which>", imports.download, name="download"),
    path("studio/impor/<uuid:draft>", imports.review, name="review"),
    path("studio/impor/<uuid:draft>/bandingkan", imports.again, name="again"),
    path("studio/impor/<uuid:draft>/betulkan", imports.mend, name="mend"),
    path("studio/impor/<uuid:draft>/buang", imports.drop, name="drop"),
    path("studio/kajian/<uuid:study>/unsur/<slug:term>", terms.term_page, name="term"),
    path("studio/kolom", columns.take, name="columns"),
    path("studio/kolom/<uuid:upload>", columns.choose, name="choose"),
    path("studio/kolom/<int:columns>/hapus", columns.drop, name="drop_columns"),
    path("studio/impor/<uuid:draft>/masalah", imports.problems, name="problems"),
]
