/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "json-document.h"
#include "model/document.h"
#include "model/error.h"
#include "model/service.h"

/* A document nests 5 deep; a parser that recurses must not be led further. */
#define DEEPEST 32
/* A hundred thousand destinations with all their members are less. */
#define MOST_VALUES 8000000

typedef struct
{
  LvsctlReading *reading;
  LvsctlPlace place;   /* of the parser's mistake */
  GArray *open;        /* of Frame: the objects that the parser is in */
  GHashTable *places;  /* LvsctlPlace by JsonObject */
  JsonObject *doubled; /* the first object that has a member twice; borrowed */
} Reader;

/* An object while it is parsed. */
typedef struct
{
  LvsctlPlace place;
  guint n_members;
} Frame;

static LvsctlPlace
current_place (JsonParser *parser, const Reader *reader)
{
  return (LvsctlPlace){ .file = reader->place.file,
                        .line = json_parser_get_current_line (parser),
                        .column = json_parser_get_current_pos (parser) };
}

static void
on_object_start (JsonParser *parser, gpointer user_data)
{
  Reader *reader = user_data;
  Frame frame = { .place = current_place (parser, reader) };

  g_array_append_val (reader->open, frame);
}

static void
on_object_member (G_GNUC_UNUSED JsonParser *parser,
                  G_GNUC_UNUSED JsonObject *object,
                  G_GNUC_UNUSED const char *name,
                  gpointer user_data)
{
  Reader *reader = user_data;

  g_array_index (reader->open, Frame, reader->open->len - 1).n_members++;
}

/* A member that comes a second time takes the place of the first, in silence. */
static void
on_object_end (G_GNUC_UNUSED JsonParser *parser, JsonObject *object, gpointer user_data)
{
  Reader *reader = user_data;
  const Frame *frame = &g_array_index (reader->open, Frame, reader->open->len - 1);

  g_hash_table_insert (reader->places, object, g_memdup2 (&frame->place, sizeof frame->place));
  if (frame->n_members != json_object_get_size (object) && reader->doubled == NULL)
    reader->doubled = object;
  g_array_set_size (reader->open, reader->open->len - 1);
}

static void
on_error (JsonParser *parser, G_GNUC_UNUSED gpointer error, gpointer user_data)
{
  Reader *reader = user_data;

  reader->place = current_place (parser, reader);
}

static const LvsctlPlace *
place_of (const Reader *reader, JsonObject *object)
{
  return g_hash_table_lookup (reader->places, object);
}

/* json-glib puts its own kind of place in front. */
static const char *
skip_place (const char *message)
{
  const char *text = strstr (message, "Parse error: ");

  return text != NULL ? text + strlen ("Parse error: ") : message;
}

/* What the parser could choke on: how deep it goes and how many values there are. */
static gboolean
check_shape (const char *file, const char *text, gsize length, GError **error)
{
  LvsctlPlace place = { .file = file, .line = 1, .column = 1 };
  gboolean in_string = FALSE;
  guint depth = 0;
  guint n_values = 0;

  for (gsize i = 0; i < length; i++, place.column++)
    {
      if (text[i] == '\0')
        return lvsctl_place_refuse (&place, error, _ ("byte 0x00 is no text"));
      if (text[i] == '\n')
        {
          place.line++;
          place.column = 0;
        }
      else if (text[i] == '\\' && in_string && i + 1 < length && text[i + 1] != '\n')
        {
          i++;
          place.column++;
        }
      else if (text[i] == '"')
        in_string = !in_string;
      else if (!in_string && strchr ("[{", text[i]) != NULL && ++depth > DEEPEST)
        return lvsctl_place_refuse (&place, error, _ ("nests deeper than %d"), DEEPEST);
      else if (!in_string && strchr ("]}", text[i]) != NULL && depth > 0)
        depth--;
      else if (!in_string && text[i] == ',' && ++n_values > MOST_VALUES)
        return lvsctl_place_refuse (&place, error, _ ("holds more than %d values; split the text"),
                                    MOST_VALUES);
    }
  return TRUE;
}

static GVariant *
strings_to_variant (JsonArray *array)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        return NULL;
      g_variant_builder_add (&builder, "s", json_node_get_string (node));
    }
  return g_variant_builder_end (&builder);
}

/* Returns a floating value, or NULL where no field takes such a one. */
static GVariant *
value_to_variant (JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (JSON_NODE_HOLDS_ARRAY (node))
    return strings_to_variant (json_node_get_array (node));
  if (type == G_TYPE_BOOLEAN)
    return g_variant_new_boolean (json_node_get_boolean (node));
  if (type == G_TYPE_STRING)
    return g_variant_new_string (json_node_get_string (node));
  if (type != G_TYPE_INT64)
    return NULL;
  return g_variant_new_int64 (json_node_get_int (node));
}

/* Puts a member where the item's class looks for it. */
static gboolean
take_member (GVariantDict *dict,
             LvsdKind kind,
             const char *name,
             JsonNode *node,
             const LvsctlPlace *place,
             GError **error)
{
  g_autofree char *option = g_strdelimit (g_strdup (name), "_", '-');
  const LvsdField *field = lvsd_item_find_field (kind, option);
  GVariant *value;

  if (strchr (name, '-') != NULL
      || (field != NULL && lvsd_document_hides (field, LVSD_DOCUMENT_EXPORT)))
    return lvsctl_place_refuse (place, error, _ ("'%s' is not known for a %s"), name,
                                lvsd_item_class (kind)->name);
  value = value_to_variant (node);
  if (value == NULL)
    return lvsctl_place_refuse (place, error,
                                _ ("%s: must be a whole number, a string, a list of strings, true "
                                   "or false"),
                                name);
  g_variant_dict_insert_value (dict, option, value);
  return TRUE;
}

static gboolean
fill_dict (GVariantDict *dict,
           LvsdKind kind,
           JsonObject *object,
           const LvsctlPlace *place,
           GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    if ((kind != LVSD_KIND_SERVICE || !g_str_equal (name, "destinations"))
        && !take_member (dict, kind, name, node, place, error))
      return FALSE;
  return TRUE;
}

static JsonObject *
object_at (JsonArray *array,
           guint index,
           const char *name,
           const LvsctlPlace *around,
           GError **error)
{
  JsonNode *node = json_array_get_element (array, index);

  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  lvsctl_place_refuse (around, error, _ ("%s[%u]: must be an object, like {\"…\": …}"), name,
                       index);
  return NULL;
}

/* The member as an array; none where it is left out. */
static gboolean
array_of (JsonObject *object,
          const char *name,
          const LvsctlPlace *place,
          JsonArray **ret_array,
          GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  *ret_array = NULL;
  if (node != NULL && !JSON_NODE_HOLDS_ARRAY (node))
    return lvsctl_place_refuse (place, error, _ ("%s: must be an array, like [ … ]"), name);
  if (node != NULL)
    *ret_array = json_node_get_array (node);
  return TRUE;
}

/* identity is that of the service, for destinations. */
static LvsdItem *
read_item (Reader *reader,
           LvsdKind kind,
           JsonObject *object,
           const LvsdServiceIdentity *identity,
           GError **error)
{
  const LvsctlPlace *place = place_of (reader, object);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) whole = NULL;
  g_autoptr (LvsdItem) item = NULL;
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  if (!fill_dict (&dict, kind, object, place, error))
    return NULL;
  if (identity != NULL)
    {
      g_variant_dict_insert (&dict, "service", "s", identity->name);
      g_variant_dict_insert (&dict, "key", "s", lvsd_service_key_format (&identity->key, key));
    }
  whole = g_variant_ref_sink (g_variant_dict_end (&dict));
  item = lvsd_item_from_variant (kind, whole, error);
  if (item == NULL)
    {
      lvsctl_place_prefix (place, error);
      return NULL;
    }
  return lvsctl_reading_take (reader->reading, item, place, error) ? g_steal_pointer (&item) : NULL;
}

static gboolean
read_destinations (Reader *reader,
                   JsonObject *service,
                   const LvsdServiceIdentity *identity,
                   GError **error)
{
  const LvsctlPlace *place = place_of (reader, service);
  JsonArray *array;

  if (!array_of (service, "destinations", place, &array, error))
    return FALSE;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = object_at (array, i, "destinations", place, error);
      g_autoptr (LvsdItem) item = NULL;

      if (object == NULL)
        return FALSE;
      item = read_item (reader, LVSD_KIND_DESTINATION, object, identity, error);
      if (item == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_section (Reader *reader, JsonObject *root, const char *name, LvsdKind kind, GError **error)
{
  const LvsctlPlace *place = place_of (reader, root);
  JsonArray *array;

  if (!array_of (root, name, place, &array, error))
    return FALSE;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = object_at (array, i, name, place, error);
      g_autoptr (LvsdItem) item = NULL;

      if (object == NULL)
        return FALSE;
      item = read_item (reader, kind, object, NULL, error);
      if (item == NULL
          || (kind == LVSD_KIND_SERVICE
              && !read_destinations (reader, object, ((const LvsdService *) item)->identity,
                                     error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_format (JsonNode *node, const LvsctlPlace *place, GError **error)
{
  gint64 format = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;

  if (format < 1)
    return lvsctl_place_refuse (place, error, _ ("format: must be the number %d"),
                                LVSD_DOCUMENT_FORMAT);
  if (format <= LVSD_DOCUMENT_FORMAT)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_SUPPORTED,
               _ ("format %" PRId64 " is of a newer lvsd, and this one reads up to %d; "
                  "use the newer one"),
               format, LVSD_DOCUMENT_FORMAT);
  return lvsctl_place_prefix (place, error);
}

static gboolean
is_section (const char *name)
{
  for (gsize i = 0; lvsctl_json_sections[i].name != NULL; i++)
    if (g_str_equal (lvsctl_json_sections[i].name, name))
      return TRUE;
  return FALSE;
}

static gboolean
check_root (JsonObject *root, const LvsctlPlace *place, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, root);
  while (json_object_iter_next (&iter, &name, &node))
    {
      if (g_str_equal (name, "format"))
        {
          if (!check_format (node, place, error))
            return FALSE;
        }
      else if (!is_section (name) && !g_str_equal (name, "generation"))
        return lvsctl_place_refuse (place, error,
                                    _ ("'%s' is not a section that lvsd knows; correct or remove "
                                       "it"),
                                    name);
    }
  return TRUE;
}

static gboolean
read_root (Reader *reader, JsonNode *node, GError **error)
{
  JsonObject *root;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return lvsctl_place_refuse (&reader->place, error,
                                _ ("the text must be one object, like {\"services\": [ … ]}"));
  root = json_node_get_object (node);
  if (reader->doubled != NULL)
    return lvsctl_place_refuse (place_of (reader, reader->doubled), error,
                                _ ("has a member twice; remove one of the two"));
  if (!check_root (root, place_of (reader, root), error))
    return FALSE;
  for (gsize i = 0; lvsctl_json_sections[i].name != NULL; i++)
    if (!read_section (reader, root, lvsctl_json_sections[i].name, lvsctl_json_sections[i].kind,
                       error))
      return FALSE;
  return TRUE;
}

gboolean
lvsctl_json_document_recognize (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '{';
}

gboolean
lvsctl_json_document_read (LvsctlReading *reading,
                           const char *file,
                           const char *text,
                           gsize length,
                           GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (Frame));
  g_autoptr (GHashTable) places = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GError) mistake = NULL;
  Reader reader = {
    .reading = reading, .place = { g_intern_string (file), 1, 1 }, .open = open, .places = places
  };

  g_signal_connect (parser, "object-start", G_CALLBACK (on_object_start), &reader);
  g_signal_connect (parser, "object-member", G_CALLBACK (on_object_member), &reader);
  g_signal_connect (parser, "object-end", G_CALLBACK (on_object_end), &reader);
  g_signal_connect (parser, "error", G_CALLBACK (on_error), &reader);
  if (!check_shape (reader.place.file, text, length, error))
    return FALSE;
  if (!json_parser_load_from_data (parser, text, (gssize) length, &mistake))
    return lvsctl_place_refuse (&reader.place, error, "%s", skip_place (mistake->message));
  return read_root (&reader, json_parser_get_root (parser), error);
}
