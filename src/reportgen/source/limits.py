"""Limits of inputs: far above what a report needs, so that a hostile file is refused early.

Below them, reading and checking take time in proportion to the size of the input.
"""

from __future__ import annotations

MAX_FILE_BYTES = 64_000_000
"""Size of any file of a project, in bytes."""

MAX_TEXT_BYTES = 16_000_000
"""Size of a PO, CSS or template file, in bytes."""

MAX_YAML_BYTES = 8_000_000
"""Size of a YAML file, in bytes."""

MAX_CSV_BYTES = 4_000_000
"""Size of a figure's CSV file, in bytes."""

MAX_MARKDOWN_BYTES = 1_000_000
"""Size of a section's Markdown file, in bytes."""

MAX_COMBINING_MARKS = 30
"""Combining marks in a row, as in the stream-safe text format of UAX 15."""

MAX_TEXT_CHARS = 20_000
"""Length of one text, in characters: a YAML value, a block of Markdown, a message of a catalog."""

MAX_TEXT_MARKS = 200
"""Characters in one text that may begin inline Markdown: ``[``, ``*``, ``_``, a backtick, ``<``."""

MAX_FILE_MARKS = 25_000
"""Such characters in a file."""

MAX_MARKDOWN_LINES = 5_000
"""Lines of a section's Markdown file."""

MAX_YAML_DEPTH = 32
"""Depth of nested lists and mappings in a YAML file; no file of a report needs more than six."""

MAX_YAML_ITEMS = 5_000
"""Items of one list or keys of one mapping in a YAML file: records, members, pillars, links."""

MAX_YAML_VALUES = 100_000
"""Keys and values in a YAML file."""

MAX_NUMBER_CHARS = 400
"""Length of a number in a YAML file, in characters."""

MAX_CSV_COLUMNS = 200
"""Columns of a figure's CSV file."""

MAX_CSV_ROWS = 5_000
"""Rows of a figure's CSV file."""

MAX_CSV_CELLS = 100_000
"""Cells of a figure's CSV file."""

MAX_CELL_CHARS = 1_000
"""Length of a cell in a figure's CSV file, in characters."""

MAX_PO_LINES = 400_000
"""Lines of a PO file."""

MAX_MESSAGES = 20_000
"""Messages in a PO file."""

MAX_PLURAL_RULE_CHARS = 500
"""Length of the plural rule in a PO file's header, in characters."""

MAX_TERM_CHARS = 100
"""Length of a term of the glossary, in characters."""

MAX_TOKEN_CHARS = 1_000
"""Length of a design token's value when its ``var()`` references are resolved, in characters."""

MAX_PROBLEMS = 10_000
"""Errors that are told of one file, and warnings; more are not of use to anybody."""

MAX_SUGGESTIONS = 100
"""Misspelt names for which the nearest known name is looked up in one check."""

MAX_PICTURE_PIXELS = 70_000_000
"""Pixels of a picture, or of all in a drawing: more than A3 has at 600 pixels an inch."""

MAX_DRAWING_ELEMENTS = 100_000
"""Elements that an SVG drawing draws, each counted as often as it is drawn, and references."""

MAX_DRAWING_DEPTH = 64
"""Depth of elements within each other in an SVG drawing."""

MAX_FONT_BYTES = 64_000_000
"""Size of a font that is unpacked, in bytes."""

MAX_CSS_TOKENS = 100_000
"""Length of a style sheet, in names, numbers, texts and signs."""

MAX_CSS_DEPTH = 20
"""Depth of blocks, functions and brackets within each other in a style sheet."""

MAX_CSS_NUMBER = 1_000_000
"""Magnitude of a number in a style sheet, and of a length in pixels."""

MAX_CSS_DIGITS = 20
"""Digits of a number in a style sheet."""

MAX_CSS_SELECTOR = 200
"""Length of a selector, in names and signs."""

MAX_CSS_TRACKS = 1_000
"""Rows or columns that a grid or a table is given by a number."""

MAX_CSS_VALUE = 10_000
"""Length of a value in a style sheet, in words and signs, once all its variables are resolved."""

MAX_CSS_IMPORTS = 10
"""Depth of style sheets that import each other."""

MAX_CACHED_BYTES = 512_000_000
"""Size of a file that is read from the cache, in bytes."""

MAX_COMPARED_WORDS = 2_000
"""Words of a text whose changes are found one by one; in longer ones the middle is one change."""

MAX_COMPARED_LINES = 2_000
"""Lines of a file whose changes are found one by one; of a longer one they are one change."""

MAX_TABLE_ROWS = 10_000
"""Rows with something in them in a table that is imported; a report has tens or hundreds."""

MAX_TABLE_COLUMNS = 1_000
"""Columns of a table that is imported."""

MAX_TABLE_CELLS = 300_000
"""Cells of a table that is imported, empty ones included."""

MAX_TABLE_CHARS = 5_000_000
"""Characters of a table that is imported: of a CSV file, of all cells of an XLSX file."""

MAX_TABLE_CELL_CHARS = 32_767
"""Length of a cell's text, in characters: the limit of Excel."""

MAX_WORKBOOK_BYTES = 64_000_000
"""Size of what is read of an XLSX file when it is unpacked, in bytes."""

MAX_WORKBOOK_ITEMS = 2_500_000
"""Elements and attributes of what is read of an XLSX file."""

MAX_WORKBOOK_TAG_BYTES = 1_000_000
"""Size of one tag or comment in an XLSX file, in bytes."""

MAX_WORKBOOK_PARTS = 5_000
"""Files in the ZIP archive that an XLSX file is."""

MAX_WORKBOOK_SHEETS = 100
"""Visible sheets of an XLSX file."""

MAX_CELL_FORMATS = 65_536
"""Cell formats, and number formats, of an XLSX file."""

MAX_NUMBER_FORMAT_CHARS = 255
"""Length of a number format in an XLSX file, in characters: the limit of Excel."""

MAX_MERGED_AREAS = 10_000
"""Merged areas in a sheet of an XLSX file."""

MAX_PDF_BYTES = 1_000_000_000
"""Size of a PDF that is checked or compared, in bytes."""

MAX_PDF_PAGES = 10_000
"""Pages of a PDF that is checked or compared."""

MAX_PDF_ENTRIES = 200_000
"""Names, annotations or branches of a tree in a PDF that is checked or compared."""

MAX_STREAM_BYTES = 256_000_000
"""Size of a stream of such a PDF once it is unpacked, in bytes."""

MAX_ATTACHMENT_BYTES = 64_000_000
"""Size of all attachments that are read from such a PDF, once they are unpacked, in bytes."""

MAX_XMP_BYTES = 1_000_000
"""Size of the metadata of such a PDF, in bytes."""

MAX_PAINT_STEPS = 2_000_000
"""Operators that are followed to tell what such a PDF paints; a form counts each time."""
