"""Reports that a printer, a screen reader and a translator can rely on.

The pipeline runs one way, and each step leaves frozen data for the next:

1. :mod:`reportgen.source` reads YAML, Markdown and CSV with positions and leaves a
   :class:`~reportgen.source.yaml.Document`, a :class:`~reportgen.source.markdown.MarkdownFile` or a
   :class:`~reportgen.source.csv.Table`.
2. :mod:`reportgen.model` validates them, all problems at once, and leaves a
   :class:`~reportgen.model.report.Report`.
3. :mod:`reportgen.exchange` gives the report's data to other programs: a set of
   :class:`~reportgen.exchange.dataset.DataFile`.
4. :mod:`reportgen.locales` says how a language writes: a :class:`~reportgen.locales.locale.Locale`.
5. :mod:`reportgen.pages` turns both into HTML, one page source a part: a
   :class:`~reportgen.pages.parts.Part` becomes a string.
6. :mod:`reportgen.typeset` lays the parts out, each by itself, until the page numbers agree: a
   :class:`~reportgen.typeset.report.Typeset`.
7. :mod:`reportgen.pdf` joins and writes them as an :class:`~reportgen.pdf.editions.Edition`: bytes.
8. :mod:`reportgen.preflight` checks a file against its edition, with tools that are not ours where
   there are any: a :class:`~reportgen.preflight.result.Preflight`.
9. :mod:`reportgen.build` does all of that for each output, and replaces a file only by a good one:
   :class:`~reportgen.build.build.Output`.

:mod:`reportgen.preview` shows the pages while their files are edited, and lays out again only what
has changed: a :class:`~reportgen.preview.view.View`. :mod:`reportgen.editing` is for those who
write content: schemas for their editor, new entries, one style. :mod:`reportgen.comparison` tells
what has changed between two states of a report: a :class:`~reportgen.comparison.sides.Comparison`.
:mod:`reportgen.cli` is a thin layer over all of these; :mod:`reportgen.project` is the only window
on the disk, and :mod:`reportgen.worker` makes calls in processes with limits of memory and time.
Imports only go downwards: ``cli`` > ``preview`` > ``build`` > ``comparison`` > ``editing`` >
``preflight`` > ``pdf`` > ``typeset`` > ``pages`` > ``locales`` > ``exchange`` > ``model`` >
``source`` > ``transaction`` > ``project`` > ``worker`` > ``temporary`` > ``garbage``.
"""

__version__ = "0.1.0"
