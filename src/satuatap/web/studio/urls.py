from __future__ import annotations

from django.urls import path

from satuatap.web.studio import acts, compare, moves, papers, pictures, public, questions, questions_doubt, study, views

app_name = "studio"
urlpatterns = [
    path("studio", views.plans_page, name="plans"),
    path("studio/rencana/<slug:code>", views.plan_page, name="plan"),
    path("studio/rencana/<slug:code>/versi", views.version_page, name="version"),
    path("studio/rencana/<slug:code>/peninjau", acts.choose, name="choose"),
    path("studio/rencana/<slug:code>/bandingkan", acts.compare, name="compare"),
    path("studio/rencana/<slug:code>/menit", acts.minutes, name="minutes"),
    path("studio/rencana/<slug:code>/obat", acts.remedy, name="remedy"),
    path("studio/rencana/<slug:code>/ubah", acts.revise, name="revise"),
    path("studio/rencana/<slug:code>/tinjau", acts.review, name="review"),
    path("studio/rencana/<slug:code>/buka", acts.consult, name="consult"),
    path("studio/rencana/<slug:code>/putuskan", acts.decide, name="decide"),
    path("studio/rencana/<slug:code>/tarik", acts.withdraw, name="withdraw"),
    path("studio/rencana/<slug:code>/klaim", acts.claim, name="claim"),
    path("studio/rencana/<slug:code>/tanggapan/<int:comment>/sembunyikan", acts.hide, name="hide"),
    path("studio/kajian", study.studies_page, name="studies"),
    path("studio/kajian/<uuid:study>", study.study_page, name="study"),
    path("studio/kajian/<uuid:study>/sekarang", study.study_now, name="study_now"),
    path("studio/kajian/<uuid:study>/hentikan", study.stop, name="study_stop"),
    path("studio/pindah/<int:move>", moves.move_page, name="move"),
    path("studio/pindah/<int:move>/berkas", moves.paper, name="paper"),
    path("studio/pindah/<int:move>/selesai", moves.carry_out, name="carry_out"),
    path("studio/pindah/<int:move>/pemberitahuan", moves.notice, name="notice"),
    path("studio/rencana/<slug:code>/telaahan.pdf", papers.study_paper, name="study_paper"),
    path("studio/rencana/<slug:code>/lampiran.xlsx", papers.annex_book, name="annexes"),
    path("studio/rencana/<slug:code>/kertas-kerja.xlsx", papers.working_paper, name="working_paper"),
    path("penataan/<slug:code>/ringkasan.pdf", papers.public_paper, name="public_paper"),
    path("studio/kajian/<uuid:study>/kenapa", questions.why_page, name="why"),
    path("studio/kajian/<uuid:study>/kenapa/tetapkan", questions.force, name="force"),
    path("studio/kajian/<uuid:study>/kenapa/longgarkan", questions.relax, name="relax"),
    path("studio/kajian/<uuid:study>/keraguan", questions_doubt.doubt_page, name="doubt"),
    path("studio/kajian/<uuid:study>/keraguan/catat", questions_doubt.keep_figure, name="keep_figure"),
    path("studio/kajian/<uuid:study>/gedung", pictures.buildings_page, name="study_buildings"),
    path("studio/kajian/<uuid:study>/gedung/hitung", pictures.ask, name="ask_pictures"),
    path("studio/bandingkan", compare.compare_page, name="compare_two"),
    path("penataan", public.plans_page, name="public_plans"),
    path("penataan/<slug:code>", public.plan_page, name="public"),
    path("penataan/<slug:code>/unduh", public.download, name="download"),
    path("penataan/<slug:code>/instansi/<str:secret>", public.agency_page, name="agency"),
    path("jam-kerja/<str:secret>", public.hours_page, name="hours"),
]
