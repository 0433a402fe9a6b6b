"""Control totals by a second engine: DuckDB recomputes on the Parquet files what Polars has written."""

from __future__ import annotations

from pathlib import Path

import duckdb


def duckdb_totals(path: Path, sums: tuple[str, ...], by: str | None = None) -> dict[str, dict[str, int]]:
    """Row count and exact sums of integer columns of one Parquet file, by the values of one column or under "".

    Null amounts are left out of a sum and counted in `rows`.
    """
    group = f"COALESCE(\"{by}\"::VARCHAR, '')" if by else "''"
    wanted = "".join(f', COALESCE(SUM("{name}"::HUGEINT), 0)' for name in sums)
    query = f"SELECT {group} AS part, COUNT(*){wanted} FROM read_parquet(?) GROUP BY part ORDER BY part"
    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as connection:
        rows = connection.execute(query, [str(path)]).fetchall()
    names = ("rows", *sums)
    return {str(row[0]): dict(zip(names, map(int, row[1:]), strict=True)) for row in rows}
