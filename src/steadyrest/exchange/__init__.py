"""Books in and out of files: Parquet, text, Excel; mappings; findings; the template for a branch without an extract.

read_book(book, into=folder)       a file or a folder -> tables split by borrower, findings, counts
load_part(folder, table, part)     the registered rows of one part
findings(folder)                   all that is wrong with the book
write_template(path)               a workbook that comes back as a book
"""

from steadyrest.exchange.mapping import MAPPINGS, load_mapping
from steadyrest.exchange.read import read_book
from steadyrest.exchange.result import BookRead, FileCount, findings, load_part, load_read, quarantine
from steadyrest.exchange.template import write_template

__all__ = [
    "MAPPINGS",
    "BookRead",
    "FileCount",
    "findings",
    "load_mapping",
    "load_part",
    "load_read",
    "quarantine",
    "read_book",
    "write_template",
]
