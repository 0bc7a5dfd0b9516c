"""The benches as a page, for colleagues without Jupyter: `xk app`.

A folder of its own, as a server must answer before what the benches need is imported.
"""
