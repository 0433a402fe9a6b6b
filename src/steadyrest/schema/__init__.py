"""The column registry: every table and column, its type, unit, labels, official field and meaning of null."""

from steadyrest.schema.codes import closed, code_label
from steadyrest.schema.registry import Column, Kind, Table
from steadyrest.schema.tables import PARTICULARS, TABLES

__all__ = ["PARTICULARS", "TABLES", "Column", "Kind", "Table", "closed", "code_label"]
