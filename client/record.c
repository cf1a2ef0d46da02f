/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record.h"

typedef struct
{
  const char *name;
  const LvsctlColumn *column; /* NULL: it is a field that no column shows, */
  char *preset;               /* and this its JSON where a row has nothing else */
} Member;

struct _LvsctlRecord
{
  const LvsctlListing *listing;
  GArray *members;
};

static void
clear_member (gpointer data)
{
  g_free (((Member *) data)->preset);
}

static char *
format_preset (const LvsctlListing *listing, const LvsdField *field)
{
  g_autofree gpointer item = g_malloc0 (lvsd_item_class (listing->kind)->size);
  g_auto (LvsctlJsonWriter) writer = { NULL };

  lvsctl_json_writer_init (&writer, FALSE);
  lvsd_field_reset (field, item);
  lvsctl_json_value (&writer, lvsd_field_get (field, item));
  return g_strdup (writer.text->str);
}

LvsctlRecord *
lvsctl_record_new (const LvsctlListing *listing)
{
  LvsctlRecord *record = g_new0 (LvsctlRecord, 1);
  g_autoptr (GPtrArray) names = lvsctl_listing_names (listing);

  record->listing = listing;
  record->members = g_array_new (FALSE, FALSE, sizeof (Member));
  g_array_set_clear_func (record->members, clear_member);
  for (guint i = 0; names->pdata[i] != NULL; i++)
    {
      Member member = { .name = names->pdata[i] };

      member.column = lvsctl_listing_find_column (listing, member.name);
      if (member.column == NULL)
        member.preset = format_preset (listing, lvsd_item_find_field (listing->kind, member.name));
      g_array_append_val (record->members, member);
    }
  return record;
}

void
lvsctl_record_free (LvsctlRecord *record)
{
  g_array_unref (record->members);
  g_free (record);
}

static void
write_field (const LvsctlListing *listing,
             const Member *member,
             LvsctlJsonWriter *writer,
             gpointer row)
{
  GVariant *value = lvsctl_listing_find_field (listing, member->name, row);

  if (value != NULL)
    lvsctl_json_value (writer, value);
  else
    g_string_append (writer->text, member->preset);
  g_clear_pointer (&value, g_variant_unref);
}

static void
write_cell (const LvsctlListing *listing, guint cell, LvsctlJsonWriter *writer, gpointer row)
{
  if (listing->cells[cell].type == LVSCTL_CELL_TEXT)
    lvsctl_json_string (writer, lvsctl_row_text (row, cell));
  else
    lvsctl_json_number (writer, lvsctl_row_number (row, cell));
}

void
lvsctl_record_write (const LvsctlRecord *record, LvsctlJsonWriter *writer, gpointer row)
{
  const LvsctlListing *listing = record->listing;

  for (guint i = 0; i < record->members->len; i++)
    {
      const Member *member = &g_array_index (record->members, Member, i);

      lvsctl_json_member (writer, member->name);
      if (member->column == NULL)
        write_field (listing, member, writer, row);
      else if (listing->cells != NULL && member->column->get == NULL)
        write_cell (listing, member->column->child, writer, row);
      else
        {
          g_autoptr (GVariant) value =
              g_variant_take_ref (lvsctl_listing_get (listing, member->name, row));

          lvsctl_json_value (writer, value);
        }
    }
}

void
lvsctl_record_write_rows (const LvsctlRecord *record, LvsctlJsonWriter *writer, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      lvsctl_json_element (writer);
      lvsctl_json_begin (writer, '{');
      lvsctl_record_write (record, writer, rows->pdata[i]);
      lvsctl_json_end (writer, '}');
    }
}
