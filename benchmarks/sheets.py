"""Reading sheets of every kind: processor time and memory a row, from the bytes of the file to typed values."""

import asyncio
import json
import os
import random
import re
import resource
import struct
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from benchmarks.figure import Figure

ROWS = int(os.environ.get("BENCH_SHEET_ROWS", "100000"))
MOST_XLS = 50_000  # a sheet of old Excel ends at 65,536 rows
HEAD = ["Order no", "Order date", "SKU", "Item", "Qty", "Unit price", "Line total", "E-mail", "Country", "Status"]
_COUNTRIES = ("Germany", "France", "Hungary", "Србија", "España")


def order_lines(rows: int, seed: int = 7) -> Iterator[list[str | float]]:
    """Lines of made-up orders; the day is counted as sheets count days."""
    rng = random.Random(seed)
    for n in range(rows):
        pieces, price = rng.randrange(1, 9), rng.randrange(90, 9_000) / 100
        day = 45_000 + n / 400
        sku = rng.randrange(900)
        total = round(pieces * price, 2)
        email = f"person{n // 3 % 40_000}@posta.example"
        yield [f"B{n // 2:07}", day, f"AB-{sku}", f"Shirt, blue, {sku}", pieces, price, total, email,
               rng.choice(_COUNTRIES), "paid"]  # fmt: skip


def write_csv(path: Path, rows: int) -> None:
    """As a shop in Germany exports them."""
    with path.open("w", encoding="utf-8") as file:
        file.write(";".join(HEAD) + "\n")
        for no, day, sku, item, pieces, price, total, *rest in order_lines(rows):
            minutes = int(day * 1440) % 1440
            at = f"{int(day) % 28 + 1}.{int(day) // 28 % 12 + 1}.2024 {minutes // 60:02}:{minutes % 60:02}"
            amounts = f"{price:.2f};{total:.2f}".replace(".", ",")
            file.write(f"{no};{at};{sku};{item};{pieces};{amounts};{';'.join(map(str, rest))}\n")


def write_xlsx(path: Path, rows: int) -> None:
    """As Excel saves them: texts shared by all cells."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Orders")
        at = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        euros = book.add_format({"num_format": '#,##0.00 "€"'})
        looks = [None, at, None, None, None, euros, euros, None, None, None]
        sheet.write_row(0, 0, HEAD)
        for row, cells in enumerate(order_lines(rows), 1):
            for column, (cell, look) in enumerate(zip(cells, looks, strict=True)):
                sheet.write(row, column, cell, look)


def write_ods(path: Path, rows: int) -> None:
    """As LibreOffice saves them, without its styles."""
    spaces = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("office", "table", "text", "style", "calcext"))
    begin = f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="Orders">'
    end = "</table:table></office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "")
        with packed.open("content.xml", "w", force_zip64=True) as part:
            part.write(begin.encode())
            for cells in (HEAD, *order_lines(rows)):
                part.write(f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>".encode())
            part.write(end.encode())


def _ods_cell(cell: str | float) -> str:
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
    return (
        f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    )


def write_xls(path: Path, rows: int) -> None:
    """As old Excel saved them, in the largest compound file of one table of sectors that is needed.

    Source: [MS-XLS] 2.4 and [MS-CFB] 2.2-2.6, https://learn.microsoft.com/openspecs, 2026-11-23.
    """

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    pieces = [record(0x0809, bof[:2] + struct.pack("<H", 0x0010) + bof[4:])]
    pieces.append(record(0x0200, struct.pack("<IIHHH", 0, rows + 1, 0, len(HEAD), 0)))
    for down, cells in enumerate((HEAD, *order_lines(rows))):
        for across, cell in enumerate(cells):
            if isinstance(cell, str):
                text = struct.pack("<HHHHB", down, across, 0, len(cell), 1) + cell.encode("utf-16-le")
                pieces.append(record(0x0204, text))
            else:
                pieces.append(record(0x0203, struct.pack("<HHHd", down, across, 0, cell)))
    pieces.append(record(0x000A))
    head = record(0x0809, bof) + record(0x0042, b"\xb0\x04")
    start = len(head) + 4 + 8 + 6 + 4
    head += record(0x0085, struct.pack("<IBBBB", start, 0, 0, 6, 0) + b"Orders") + record(0x000A)
    _write_compound(path, head + b"".join(pieces))


def _write_compound(path: Path, stream: bytes) -> None:
    sector = 4096
    stream = stream.ljust(max(4096, -(-len(stream) // sector) * sector), b"\0")
    count = len(stream) // sector
    tables = -(-(count + 110) // (sector // 4))
    small = tables + 1 + count  # an empty stream of small streams: the library wants one
    chain = [0xFFFFFFFD] * tables + [0xFFFFFFFE] + [*range(tables + 2, small), 0xFFFFFFFE, 0xFFFFFFFE]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * sector, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHHHIIIIIIIIII", 0x3E, 4, 0xFFFE, 12, 6, 0, 0, 1, tables, tables, 0, 4096, 0xFFFFFFFE, 0,
                        0xFFFFFFFE, 0)  # fmt: skip
    head += struct.pack("<109I", *[*range(tables), *[0xFFFFFFFF] * 109][:109])
    none = 0xFFFFFFFF

    def entry(name: str, kind: int, at: int, size: int, child: int = none) -> bytes:
        raw = name.encode("utf-16-le")
        return struct.pack("<64sHBBIII36sIQ", raw, len(raw) + 2, kind, 1, none, none, child, b"", at, size)

    directory = entry("Root Entry", 5, small, sector, 1) + entry("Workbook", 2, tables + 1, len(stream))
    path.write_bytes(head.ljust(sector, b"\0") + fat + directory.ljust(sector, b"\0") + stream + bytes(sector))


WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "ods": write_ods, "xls": write_xls}


async def run(folder: Path) -> list[Figure]:
    """Write a file of each kind and read it in a process of its own."""
    figures = []
    for kind, write in WRITERS.items():
        rows = min(ROWS, MOST_XLS) if kind == "xls" else ROWS
        path = folder / f"orders.{kind}"
        write(path, rows)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.sheets", str(path), stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"{path.name} could not be read")
        told = json.loads(out)
        assert told["rows"] == rows, told
        figures.append(
            Figure(
                f"reading {rows:,} rows of ten columns from {kind}, typed",
                f"{rows / told['cpu_s']:,.0f} rows/s",
                "≥ 20,000 rows/s" if kind in ("csv", "xlsx") else "",
                rows / told["cpu_s"] >= 20_000 if kind in ("csv", "xlsx") else None,
                f"{told['cpu_s'] / rows * 1e6:.1f} µs of processor time a row, {told['look_s']:.2f} s of it all to look"
                f" at its first rows; {told['peak_mb']:.0f} MB at most; {path.stat().st_size / 1e6:.0f} MB of file",
            )
        )
    return figures


def _peak_mb() -> float:
    """Of this process alone: what `getrusage` says begins with what the one that started it had."""
    status = Path("/proc/self/status")
    told = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(told[1]) / 1024 if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _main() -> None:
    from fadeno import sheets

    path = Path(sys.argv[1])
    before = time.process_time()
    with sheets.open_book(path) as book:
        sheet = book.sheet()
        table = sheets.look(sheet, target="orders")
        look_s = time.process_time() - before
        rows = sum(1 for row in sheets.read(sheet, table) if row.values["order_no"] and row.values["unit_price"])
    peak_mb = _peak_mb()
    print(json.dumps({"rows": rows, "cpu_s": time.process_time() - before, "look_s": look_s, "peak_mb": peak_mb}))


if __name__ == "__main__":
    _main()
