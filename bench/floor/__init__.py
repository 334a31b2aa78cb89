"""The floor: what the same work costs in plain Django. Only the benchmark serves it.

Django's usual middleware (session, sign-in, CSRF), the ORM on the same rows, validation, one audit row and
one plain template. What makes the service the service is left out: no access policy beyond a grant, no rules,
no search for duplicates, no actions, no seal, no GOV.UK components. Plain is plain: a list is of model
instances, a form is rendered by Django. Where ours answers by a redirect, so does the floor.
"""
