"""An authority's worth of invented children, for measuring: a few cases made by the service's own acts, then
copied row by row with names, references, numbers and seals of their own.
"""
