"""The benchmark: `make bench` runs it and writes its figures to docs/reference/performance.md.

Each module of measurements has a function `measure()`, which gives its figures, and stands in
`__main__.BENCHES`.
"""
