"""Small files made by hand, odd in one way each."""

import io
import struct
import zipfile

SECTOR = 512


def xlsx(rows: str, *, sheets: str = "", more: dict[str, bytes | str] | None = None, prefix: str = "") -> bytes:
    """A workbook whose first sheet holds `rows` (the XML inside sheetData) and what follows it."""
    data, _, after = rows.partition("|after|")
    space = f'xmlns{":" + prefix[:-1] if prefix else ""}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="One" r:id="r1"/>'
        + sheets
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="w1.xml"/>'
        '<Relationship Id="r2" Type="x/worksheet" Target="w1.xml"/>'
        '<Relationship Id="s" Type="x/styles" Target="styles.xml"/>'
        '<Relationship Id="t" Type="x/sharedStrings" Target="strings.xml"/></Relationships>',
        "xl/w1.xml": f"<{prefix}worksheet {space}><{prefix}sheetData>{data}</{prefix}sheetData>{after}"
        f"</{prefix}worksheet>",
        **(more or {}),
    }
    return archive(parts)


def archive(parts: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def row(number: int, *cells: str | float | None) -> str:
    """A row of a sheet with texts in place."""
    made = ""
    for at, cell in enumerate(cells):
        ref = f"{chr(65 + at)}{number}"
        if isinstance(cell, str) and cell.startswith("<"):
            made += f'<c r="{ref}"{cell[1:]}</c>'
        elif isinstance(cell, str):
            made += f'<c r="{ref}" t="inlineStr"><is><t>{cell}</t></is></c>'
        elif cell is not None:
            made += f'<c r="{ref}"><v>{cell}</v></c>'
    return f'<row r="{number}">{made}</row>'


def ods(table: str, manifest: str = "") -> bytes:
    """A sheet of LibreOffice."""
    spaces = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("office", "table", "text", "style", "calcext"))
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet>{table}"
    content += "</office:spreadsheet></office:body></office:document-content>"
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }
    )


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of old Office, each stream in whole sectors.

    Source: [MS-CFB] 2.2-2.6, https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb, 2026-11-23.
    """
    chains, body, at = [], b"", 2  # sector 0 holds the table, sector 1 the directory
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for place, (name, data) in enumerate(streams.items(), 1):
        data = data.ljust(4096, b"\0")
        count = -(-len(data) // SECTOR)
        right = place + 1 if place < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, at, len(data), right=right))
        chains.extend([*range(at + 1, at + count), 0xFFFFFFFE])
        body += data.ljust(count * SECTOR, b"\0")
        at += count
    fat = struct.pack("<128I", *([0xFFFFFFFD, 0xFFFFFFFE, *chains] + [0xFFFFFFFF] * 128)[:128])
    directory = b"".join(entries).ljust(SECTOR, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack(
        "<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return head + fat + directory + body


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII36sIQ", raw, len(raw) + 2, kind, 1, 0xFFFFFFFF, right, child, b"", start, size)


def xls(
    rows: list[list[str | float]],
    *,
    far: tuple[int, int] | None = None,
    size: tuple[int, int] | None = None,
    pad_bytes: int = 0,
) -> bytes:
    """A workbook of Excel 97 with one sheet.

    Args:
        far: row and column of one more number, from 0. size: how many rows and columns the sheet says it has.
        pad_bytes: of records nobody knows, to make the file larger.

    Source: [MS-XLS] 2.4 (BOF, BoundSheet8, Label, Number), 2026-11-23.
    """

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    sheet = record(0x0809, bof[:2] + struct.pack("<H", 0x0010) + bof[4:])
    down, across = size or (len(rows), max(map(len, rows)))
    sheet += record(0x0200, struct.pack("<IIHHH", 0, down, 0, across, 0))
    for _ in range(0, pad_bytes, 4096):
        sheet += record(0x7FFF, bytes(4092))
    for down, cells in enumerate(rows):
        for across, cell in enumerate(cells):
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                sheet += record(0x0204, struct.pack("<HHHHB", down, across, 0, len(cell), 1) + text)
            else:
                sheet += record(0x0203, struct.pack("<HHHd", down, across, 0, cell))
    if far:
        sheet += record(0x0203, struct.pack("<HHHd", *far, 0, 1.0))
    sheet += record(0x000A)
    name = b"One"
    bound_chars = 4 + len(struct.pack("<IBBBB", 0, 0, 0, 0, 0)) + len(name)
    start = len(record(0x0809, bof)) + len(record(0x0042, b"\xb0\x04")) + bound_chars + 4
    book = record(0x0809, bof) + record(0x0042, b"\xb0\x04")
    book += record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name) + record(0x000A)
    return compound({"Workbook": book + sheet})
