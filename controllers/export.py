import json

from werkzeug.datastructures import FileStorage

from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.web.controllers.export import (
    CSVExport,
    ExcelExport,
    ExportFormat,
    ExportXlsxWriter,
    GroupExportXlsxWriter,
)
from odoo.addons.web.controllers.pivot import TableExporter

from ..models.ground.ours import is_our_model, our_models
from ..tools.text import spreadsheet_safe

# In the context of a request whose cells hold text and no formula.
AS_TEXT = "civic_cells_as_text"
# What a spreadsheet follows when its cell is clicked.
LINKS = ("http", "ftp", "mailto:", "internal:", "external:", "file:")


class CellsAsText:
    """Text stays text: no formula and no link is made of it."""

    def __init__(self, *args):
        super().__init__(*args)
        self.worksheet.strings_to_formulas = False
        self.worksheet.strings_to_urls = False


class TextXlsxWriter(CellsAsText, ExportXlsxWriter):
    pass


class GroupTextXlsxWriter(CellsAsText, GroupExportXlsxWriter):
    pass


class CivicExportFormat(ExportFormat):
    """Exports that hold words of citizens, in whatever form."""

    def base(self, data):
        if _holds_ours(json.loads(data)):
            request.update_context(**{AS_TEXT: True})
        return super().base(data)


class CivicCsvExport(CivicExportFormat, CSVExport):
    def from_data(self, fields, columns_headers, rows):
        if _is_as_text():
            columns_headers, *rows = (
                [spreadsheet_safe(cell) for cell in row]
                for row in (columns_headers, *rows)
            )
        return super().from_data(fields, columns_headers, rows)


class CivicExcelExport(CivicExportFormat, ExcelExport):
    def from_data(self, fields, columns_headers, rows):
        if not _is_as_text():
            return super().from_data(fields, columns_headers, rows)
        with TextXlsxWriter(fields, columns_headers, len(rows)) as writer:
            for at, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    writer.write_cell(at, column, cell)
        return writer.value

    def from_group_data(self, fields, columns_headers, groups):
        if not _is_as_text():
            return super().from_group_data(fields, columns_headers, groups)
        with GroupTextXlsxWriter(fields, columns_headers, groups.count) as writer:
            at = (1, 0)
            for name, group in groups.children.items():
                at = writer.write_group(*at, name, group)
        return writer.value


class CivicTableExporter(TableExporter):
    """Pivot tables; Odoo gives no hold of the sheet here, so titles are marked."""

    @http.route()
    def export_xlsx(self, data, **kw):
        table = json.load(data) if isinstance(data, FileStorage) else json.loads(data)
        if table and is_our_model(request.env.get(table.get("model"))):
            table = _marked(table)
        return super().export_xlsx(json.dumps(table), **kw)


def _marked(value):
    """The same table with each text that would be a formula or a link behind an
    apostrophe."""
    if isinstance(value, dict):
        return {name: _marked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_marked(each) for each in value]
    if isinstance(value, str) and value.lower().startswith(("{=", *LINKS)):
        return f"'{value}"
    return spreadsheet_safe(value)


def _is_as_text():
    return request.env.context.get(AS_TEXT)


def _holds_ours(params):
    """Whether an export shows records of ours: itself, by the way of a field, or rows
    of another app that are about ours (files, activities)."""
    if not isinstance(params, dict) or params.get("model") not in request.env:
        return False  # Odoo says what is wrong with it
    model = request.env[params["model"]]
    if is_our_model(model):
        return True
    fields = params.get("fields") or ()
    names = [
        *(field.get("name", "") for field in fields if isinstance(field, dict)),
        *(params.get("groupby") or ()),
    ]
    return any(_leads_to_ours(model, name) for name in names) or _is_about_ours(
        model, params
    )


def _leads_to_ours(model, path):
    for name in path.partition(":")[0].replace(".", "/").split("/"):
        field = model._fields.get(name) if model is not None else None
        model = model.env.get(field.comodel_name) if field else None
        if is_our_model(model):
            return True
    return False


def _is_about_ours(model, params):
    pointers = {
        field.model_field
        for field in model._fields.values()
        if field.type == "many2one_reference"
    }
    if not pointers:
        return False
    chosen = Domain("id", "in", params["ids"]) if params["ids"] else params["domain"]
    models = [each._name for each in our_models(model.env)]
    ours = Domain.OR(Domain(name, "in", models) for name in pointers)
    return bool(model.search_count(Domain(chosen) & ours, limit=1))
