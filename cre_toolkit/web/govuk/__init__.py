"""The bridge between Django and GOV.UK Frontend.

`components.render()` turns a component's name and parameters into GOV.UK's own markup,
`renderer.GovukRenderer` lets every Django form come out as those components, and `forms.GovukForm` is the
base of our forms. Jinja, in which the macros are written, stays inside `components`. How to use it:
`docs/how-to/pages.md`.
"""
