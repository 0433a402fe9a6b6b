"""Dated relief cases against the packs and the relief desk: `python -m validation.relief FILE`."""
