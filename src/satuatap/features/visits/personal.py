"""The personal fields of visits: what a citizen may leave to be reached, and the NIK, which nobody asks for."""

from __future__ import annotations

from satuatap.plumbing.personal import Basis, End, PersonalField, mask_digits, mask_name, mask_nik

CONSENT = Basis(
    key="basis.consent",
    name="Persetujuan",
    name_en="Consent",
    regulation="UU 27/2022",
    article="Pasal 20 ayat (2) huruf a",
    source="https://nasional.kompas.com/read/2023/03/23/11333391/pemrosesan-data-pribadi-menurut-uu-pdp-dan-status-eksisting.",
)
# The text that she reads before she agrees (web/portal/contact.html); a new text is a new version, kept in each row.
CONSENT_TEXT = "2026-11"
# No law names a number of days for this (the retention of an MPP's files is not published): the house's own choice,
# long enough to call about something left at a desk. A city sets its own as ``contact_days`` in policy.csv.
CONTACT_DAYS = 7

_PURPOSE = "Menghubungi pengunjung tentang kunjungannya: barang atau berkas tertinggal, dokumen siap diambil"
_PURPOSE_EN = "Reaching a visitor about her visit: something left behind, a document that is ready"
_END = End(
    CONTACT_DAYS,
    f"{CONTACT_DAYS} hari sesudah hari kunjungan, atau seketika bila ditarik",
    f"{CONTACT_DAYS} days after the day of the visit, or at once when withdrawn",
)
_READERS = ("yang bersangkutan", "petugas informasi dengan alasan tercatat")

PERSONAL_FIELDS: tuple[PersonalField, ...] = (
    PersonalField("visits.Contact", "name", "citizen", _PURPOSE, _PURPOSE_EN, CONSENT, _END, _READERS, True, mask_name),
    PersonalField(
        "visits.Contact", "phone", "citizen", _PURPOSE, _PURPOSE_EN, CONSENT, _END, _READERS, True, mask_digits
    ),
    PersonalField(
        "visits.Contact",
        "phone_index",
        "citizen",
        "Menemukan nomor telepon yang terenkripsi bila pemiliknya meminta salinan atau penghapusan",
        "Finding an encrypted telephone number when its holder asks for a copy or for erasure",
        CONSENT,
        _END,
        ("tidak seorang pun; dipakai sistem",),
        True,
        lambda value: "",
    ),
    PersonalField(
        "visits.Contact",
        "nik",
        "citizen",
        "Tidak dipakai: nomor antrean tidak memerlukan NIK",
        "Not used: a queue number needs no NIK",
        CONSENT,
        End(0, "tidak disimpan", "not stored"),
        ("tidak seorang pun",),
        True,
        mask_nik,
        asked=False,
    ),
)
