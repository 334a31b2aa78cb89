"""The floor's addresses: one for each work that is measured."""

from django.urls import path

from bench.floor import together, views

urlpatterns = [
    path("register/", views.register),
    path("send/<slug:reference>/", views.send),
    path("child/<slug:reference>/", views.child),
    path("list/", views.due),
    path("county/", views.county),
    path("search/", views.search),
    path("indicators/<slug:reference>/", views.indicators),
    path("first/", views.home),
    path("meeting/<slug:reference>/", together.meeting),
    path("waiting/", together.waiting),
    path("tasking/", together.tasking),
]
