/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "destination.h"
#include "error.h"
#include "service.h"
#include "setting.h"

/* One KEY=VALUE of a group; both point into the reader's copy of the text. */
typedef struct
{
  const char *key;
  char *value;
  guint number;
} Line;

/* The text is read line by line and not through a GKeyFile: that merges groups and keys that stand
 * there twice, and cannot tell on which line a mistake is. What is written can be read by one. */
typedef struct
{
  LvsdDocumentScope scope;
  GPtrArray *items;
  GHashTable *known;   /* the items, by identity, but for destinations */
  GHashTable *members; /* the destinations of the group, by identity */
  GHashTable *names;   /* of the services, borrowed from the items */
  const char *group;   /* between the brackets; NULL before the first one */
  guint group_number;
  gboolean has_head;
  GArray *lines; /* of the group, of Line */
} Reader;

/* Where a mistake is */

/* Puts the place in front of the message; key may be NULL. Returns FALSE. */
static gboolean
at_line (const Reader *reader, const Line *line, const char *key, GError **error)
{
  if (reader->group == NULL)
    g_prefix_error (error, _ ("line %u: "), line->number);
  else if (key == NULL)
    g_prefix_error (error, _ ("line %u, [%s]: "), line->number, reader->group);
  else
    g_prefix_error (error, _ ("line %u, [%s], %s: "), line->number, reader->group, key);
  return FALSE;
}

static gboolean
refuse (const Reader *reader, guint number, const char *key, const char *message, GError **error)
{
  const Line line = { .number = number };

  g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, message);
  return at_line (reader, &line, key, error);
}

static gboolean
refuse_twice (const Reader *reader, const Line *line, GError **error)
{
  return refuse (reader, line->number, line->key,
                 _ ("stands there twice; remove one of the two lines"), error);
}

static gboolean
refuse_unknown (const Reader *reader, const Line *line, GError **error)
{
  return refuse (reader, line->number, line->key,
                 _ ("is not a key that lvsd knows here; correct or remove it"), error);
}

/* items */

static gboolean
take_item (Reader *reader, LvsdItem *item, const Line *line, GError **error)
{
  gboolean is_member = lvsd_item_get_kind (item) == LVSD_KIND_DESTINATION;

  if (!lvsd_item_validate (item, error))
    return at_line (reader, line, line->key, error);
  if (!g_hash_table_add (is_member ? reader->members : reader->known, item))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("the same %s stands further up already; remove one of the two"),
                   lvsd_item_class (lvsd_item_get_kind (item))->name);
      return at_line (reader, line, line->key, error);
    }
  g_ptr_array_add (reader->items, lvsd_item_ref (item));
  return TRUE;
}

/* Sets a field by name; seen holds a bit for each that was set before. */
static gboolean
set_field (const Reader *reader,
           gpointer item,
           guint64 *seen,
           const char *name,
           const char *value,
           GError **error)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (item));
  const LvsdField *field = lvsd_item_find_field (lvsd_item_get_kind (item), name);
  guint64 bit;

  if (field == NULL || lvsd_document_hides (field, reader->scope))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("'%s' is not known here; correct or remove it"), name);
      return FALSE;
    }
  bit = G_GUINT64_CONSTANT (1) << (field - class->fields);
  if ((*seen & bit) != 0)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("'%s' stands there twice; remove one of the two"), name);
      return FALSE;
    }
  *seen |= bit;
  return lvsd_field_parse (field, item, value, error);
}

/* Cuts the next NAME=VALUE out of the rest of a line. Returns FALSE at the end and, with an error,
 * where there is no equals sign. */
static gboolean
next_pair (char **rest, const char **ret_name, const char **ret_value, GError **error)
{
  char *word = strtok_r (NULL, " \t", rest);
  char *equals = word != NULL ? strchr (word, '=') : NULL;

  if (word == NULL)
    return FALSE;
  if (equals == NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("'%s': write NAME=VALUE, like weight=1"), word);
      return FALSE;
    }
  *equals = '\0';
  *ret_name = word;
  *ret_value = equals + 1;
  return TRUE;
}

/* WORD ADDRESS [PORT]; without a port it is the service's. */
static gboolean
parse_endpoint_key (const char *key,
                    const LvsdServiceIdentity *identity,
                    LvsdEndpoint *ret_endpoint,
                    GError **error)
{
  const char *word = strchr (key, ' ') + 1;
  const char *port_word = strchr (word, ' ');
  gsize length = port_word != NULL ? (gsize) (port_word++ - word) : strlen (word);
  char address[LVSD_ADDRESS_TEXT_SIZE];
  guint64 port = identity->key.endpoint.port;

  g_strlcpy (address, word, MIN (length + 1, sizeof address));
  if (!lvsd_address_parse (length < sizeof address ? address : word, &ret_endpoint->address, error))
    return FALSE;
  if (port_word != NULL && !g_ascii_string_to_unsigned (port_word, 10, 0, G_MAXUINT16, &port, NULL))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("port '%s' must be a number from 1 to 65535"), port_word);
      return FALSE;
    }
  ret_endpoint->port = (guint16) port;
  return TRUE;
}

static gboolean
read_destination (Reader *reader, LvsdServiceIdentity *identity, const Line *line, GError **error)
{
  g_autoptr (LvsdDestination) destination = NULL;
  g_autoptr (GError) mistake = NULL;
  LvsdEndpoint endpoint;
  const char *name;
  const char *value;
  char *rest = line->value;
  guint64 seen = 0;

  if (!parse_endpoint_key (line->key, identity, &endpoint, error))
    return at_line (reader, line, line->key, error);
  destination = lvsd_destination_new (identity, &endpoint);
  while (next_pair (&rest, &name, &value, &mistake))
    if (!set_field (reader, destination, &seen, name, value, error))
      return at_line (reader, line, line->key, error);
  if (mistake != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&mistake));
      return at_line (reader, line, line->key, error);
    }
  return take_item (reader, (LvsdItem *) destination, line, error);
}

static gboolean
read_override (Reader *reader, LvsdServiceIdentity *identity, const Line *line, GError **error)
{
  g_autoptr (LvsdDestination) like = NULL;
  LvsdDestination *destination;
  LvsdEndpoint endpoint;

  if (!parse_endpoint_key (line->key, identity, &endpoint, error))
    return at_line (reader, line, line->key, error);
  like = lvsd_destination_new (identity, &endpoint);
  destination = g_hash_table_lookup (reader->members, like);
  if (destination == NULL)
    return refuse (reader, line->number, line->key,
                   _ ("belongs to no destination of this group; add the destination or remove it"),
                   error);
  if (destination->runtime != NULL)
    return refuse_twice (reader, line, error);
  destination->runtime = lvsd_override_parse (line->value);
  if (destination->runtime == NULL)
    return refuse (reader, line->number, line->key,
                   _ ("must be weight=, since=, owner=, boot-id= and reason=, each once"), error);
  return TRUE;
}

/* groups */

static const Line *
find_line (const Reader *reader, const char *key)
{
  for (guint i = 0; i < reader->lines->len; i++)
    if (g_str_equal (g_array_index (reader->lines, Line, i).key, key))
      return &g_array_index (reader->lines, Line, i);
  return NULL;
}

static gboolean
is_about (const Line *line, const char *word)
{
  return g_str_has_prefix (line->key, word) && line->key[strlen (word)] == ' ';
}

/* The lines that a service's group has for its destinations, in the order of the text, and then
 * for their overrides. */
static gboolean
read_members (Reader *reader, const LvsdService *service, GError **error)
{
  for (guint i = 0; i < reader->lines->len; i++)
    {
      const Line *line = &g_array_index (reader->lines, Line, i);

      if (is_about (line, "destination")
          && !read_destination (reader, service->identity, line, error))
        return FALSE;
    }
  for (guint i = 0; reader->scope == LVSD_DOCUMENT_CHECKPOINT && i < reader->lines->len; i++)
    {
      const Line *line = &g_array_index (reader->lines, Line, i);

      if (is_about (line, "runtime") && !read_override (reader, service->identity, line, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_member (const Reader *reader, const Line *line)
{
  return is_about (line, "destination")
         || (reader->scope == LVSD_DOCUMENT_CHECKPOINT && is_about (line, "runtime"));
}

static gboolean
read_fields (const Reader *reader, LvsdItem *item, GError **error)
{
  gboolean is_service = lvsd_item_get_kind (item) == LVSD_KIND_SERVICE;
  guint64 seen = 0;

  for (guint i = 0; i < reader->lines->len; i++)
    {
      const Line *line = &g_array_index (reader->lines, Line, i);

      if (is_service && g_str_equal (line->key, "key"))
        {
          if (line != find_line (reader, "key"))
            return refuse_twice (reader, line, error);
        }
      else if (is_service && is_member (reader, line))
        continue;
      else if (!set_field (reader, item, &seen, line->key, line->value, error))
        return at_line (reader, line, NULL, error);
    }
  return TRUE;
}

/* What an item's class calls that which stands behind the kind in the head of a group. */
static const char *
identity_name (LvsdKind kind)
{
  switch (kind)
    {
    case LVSD_KIND_SERVICE:
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      return "name";
    case LVSD_KIND_SYNC:
      return "state";
    case LVSD_KIND_ADDRESS:
    case LVSD_KIND_ROLE:
      return "address";
    case LVSD_KIND_DESTINATION: /* a line of its service's group */
    case LVSD_KIND_SETTING:     /* a line of [settings] */
      break;
    }
  g_assert_not_reached ();
}

/* Lets the item's class check and set what makes it itself. */
static gboolean
set_identity (const Reader *reader, LvsdItem *item, const char *id, GError **error)
{
  const LvsdKind kind = lvsd_item_get_kind (item);
  const Line head = { .number = reader->group_number };
  const Line *key = kind == LVSD_KIND_SERVICE ? find_line (reader, "key") : NULL;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  if (kind == LVSD_KIND_SERVICE && key == NULL)
    return refuse (reader, head.number, NULL,
                   _ ("'key' is missing; add a line like key=tcp/192.0.2.1:80"), error);
  if (key != NULL)
    g_variant_dict_insert (&dict, "key", "s", key->value);
  g_variant_dict_insert (&dict, identity_name (kind), "s", id);
  return lvsd_item_class (kind)->set_more (item, &dict, error)
         || at_line (reader, key != NULL ? key : &head, NULL, error);
}

static gboolean
read_item (Reader *reader, LvsdKind kind, const char *id, GError **error)
{
  g_autoptr (LvsdItem) item = lvsd_item_new (kind);
  const Line head = { .number = reader->group_number };

  if (!set_identity (reader, item, id, error) || !read_fields (reader, item, error)
      || !take_item (reader, item, &head, error))
    return FALSE;
  if (kind != LVSD_KIND_SERVICE)
    return TRUE;
  g_hash_table_remove_all (reader->members);
  if (!g_hash_table_add (reader->names, ((LvsdService *) item)->identity->name))
    return refuse (reader, head.number, NULL,
                   _ ("stands there twice; give one of the two services another name"), error);
  return read_members (reader, (const LvsdService *) item, error);
}

static gboolean
read_settings (Reader *reader, GError **error)
{
  for (guint i = 0; i < reader->lines->len; i++)
    {
      const Line *line = &g_array_index (reader->lines, Line, i);
      g_autoptr (LvsdSetting) setting = lvsd_setting_new (line->key, line->value, error);

      if (setting == NULL)
        return at_line (reader, line, NULL, error);
      if (!take_item (reader, (LvsdItem *) setting, line, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_format (const Reader *reader, const Line *line, GError **error)
{
  int newest = lvsd_document_newest (reader->scope);
  guint64 format;

  if (!g_ascii_string_to_unsigned (line->value, 10, 1, G_MAXUINT32, &format, NULL))
    return refuse (reader, line->number, line->key, _ ("must be a number; write format=1"), error);
  if (format <= (guint64) newest)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_SUPPORTED,
               _ ("format %" PRIu64 " is of a newer lvsd, and this one reads up to %d; "
                  "use the newer one"),
               format, newest);
  return at_line (reader, line, NULL, error);
}

static gboolean
read_head (Reader *reader, GError **error)
{
  const Line *format = find_line (reader, "format");

  if (format == NULL)
    return refuse (reader, reader->group_number, NULL,
                   _ ("'format' is missing; add the line format=1"), error);
  if (!check_format (reader, format, error))
    return FALSE;
  for (guint i = 0; i < reader->lines->len; i++)
    {
      const Line *line = &g_array_index (reader->lines, Line, i);
      gboolean is_sequence =
          reader->scope == LVSD_DOCUMENT_CHECKPOINT && g_str_equal (line->key, "sequence");

      if (line != format && !is_sequence)
        return g_str_equal (line->key, "format") ? refuse_twice (reader, line, error)
                                                 : refuse_unknown (reader, line, error);
    }
  reader->has_head = TRUE;
  return TRUE;
}

static gboolean
find_kind (const Reader *reader, const char *word, LvsdKind *ret_kind)
{
  return lvsd_kind_from_name (word, ret_kind) && *ret_kind != LVSD_KIND_DESTINATION
         && *ret_kind != LVSD_KIND_SETTING
         && (!lvsd_kind_is_internal (*ret_kind) || reader->scope == LVSD_DOCUMENT_CHECKPOINT);
}

/* All lines of the group are there now. */
static gboolean
finish_group (Reader *reader, GError **error)
{
  g_auto (GStrv) words = NULL;
  g_autofree char *id = NULL;
  LvsdKind kind;

  if (reader->group == NULL)
    return TRUE;
  if (g_str_equal (reader->group, "lvsd") && !reader->has_head)
    return read_head (reader, error);
  if (!reader->has_head)
    return refuse (reader, reader->group_number, NULL,
                   _ ("the text must begin with the lines [lvsd] and format=1"), error);
  if (g_str_equal (reader->group, "settings"))
    return read_settings (reader, error);
  words = g_strsplit (reader->group, " ", 2);
  if (words[0] == NULL || words[1] == NULL || !find_kind (reader, words[0], &kind))
    return refuse (reader, reader->group_number, NULL,
                   _ ("is not a group that lvsd knows here; write [service NAME], "
                      "[address ADDRESS], [role ADDRESS] or [settings]"),
                   error);
  id = lvsd_kind_is_internal (kind) ? g_uri_unescape_string (words[1], NULL) : g_strdup (words[1]);
  if (id == NULL || !g_utf8_validate (id, -1, NULL))
    return refuse (reader, reader->group_number, NULL,
                   _ ("holds a percent sign that begins no escape; write %25 for the sign itself"),
                   error);
  return read_item (reader, kind, id, error);
}

static gboolean
begin_group (Reader *reader, char *text, guint number, GError **error)
{
  gsize length = strlen (text);

  if (!finish_group (reader, error))
    return FALSE;
  g_array_set_size (reader->lines, 0);
  reader->group = NULL;
  if (text[length - 1] != ']')
    return refuse (reader, number, NULL, _ ("a group must end with a ]"), error);
  text[length - 1] = '\0';
  reader->group = g_strstrip (text + 1);
  reader->group_number = number;
  return TRUE;
}

/* Unlike g_strchug, which moves what follows. */
static char *
skip_space (char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return text;
}

static gboolean
read_line (Reader *reader, char *untrimmed, guint number, GError **error)
{
  Line line = { .number = number };
  char *text = g_strchomp (skip_space (untrimmed));
  char *equals;

  if (text[0] == '\0' || text[0] == '#')
    return TRUE;
  if (text[0] == '[')
    return begin_group (reader, text, number, error);
  equals = strchr (text, '=');
  if (equals == NULL || equals == text || reader->group == NULL)
    return refuse (reader, number, NULL,
                   _ ("a [group], KEY=VALUE or # and a comment is expected here"), error);
  *equals = '\0';
  line.key = g_strchomp (text);
  line.value = skip_space (equals + 1);
  g_array_append_val (reader->lines, line);
  return TRUE;
}

static guint
count_lines (const char *text, const char *end)
{
  guint n = 1;

  for (; text < end; text++)
    n += *text == '\n';
  return n;
}

static gboolean
read_text (Reader *reader, char *text, gsize length, GError **error)
{
  const char *wrong;
  guint number = 1;

  if (!g_utf8_validate (text, (gssize) length, &wrong))
    return refuse (reader, count_lines (text, wrong), NULL,
                   _ ("is not text in UTF-8; save the file in that encoding"), error);
  for (char *line = text; line != NULL; number++)
    {
      char *newline = strchr (line, '\n');

      if (newline != NULL)
        *newline = '\0';
      if (!read_line (reader, line, number, error))
        return FALSE;
      line = newline != NULL ? newline + 1 : NULL;
    }
  if (reader->group == NULL)
    return refuse (reader, 1, NULL, _ ("the text must begin with the lines [lvsd] and format=1"),
                   error);
  return finish_group (reader, error);
}

/* What a line of many has at least: so the array of the items is not moved about. */
#define SHORT_LINE 48

/* Returns the items in the order of the text, each one validated, services before their
 * destinations; or NULL with an error that names line, group and key. What items can get wrong
 * together, two of one identity excepted, is not looked at. */
GPtrArray *
lvsd_document_take (char *text, gsize length, LvsdDocumentScope scope, GError **error)
{
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_full ((guint) (length / SHORT_LINE), lvsd_item_unref);
  g_autoptr (GHashTable) known =
      g_hash_table_new (lvsd_item_identity_hash, lvsd_item_identity_equal);
  g_autoptr (GHashTable) members =
      g_hash_table_new (lvsd_item_identity_hash, lvsd_item_identity_equal);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  Reader reader = {
    .scope = scope, .items = items, .known = known, .members = members, .names = names
  };

  reader.lines = lines;
  if (!read_text (&reader, text, length, error))
    return NULL;
  return g_steal_pointer (&items);
}

GPtrArray *
lvsd_document_parse (const char *text, gsize length, LvsdDocumentScope scope, GError **error)
{
  g_autofree char *copy = g_malloc (length + 1);

  memcpy (copy, text, length);
  copy[length] = '\0';
  return lvsd_document_take (copy, length, scope, error);
}
