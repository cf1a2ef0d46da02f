/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "generation.h"

#include <glib/gi18n-lib.h>

#include "error.h"

const LvsdTerm lvsd_cause_terms[] = {
  { "edits", LVSD_CAUSE_EDITS },
  { "apply", LVSD_CAUSE_APPLY },
  { "clear", LVSD_CAUSE_CLEAR },
  { "rollback", LVSD_CAUSE_ROLLBACK },
  { "unconfirmed", LVSD_CAUSE_EXPIRY },
  { "import", LVSD_CAUSE_IMPORT },
  { NULL, 0 },
};

#define NUMBER(name, member)                                                                       \
  {                                                                                                \
    name, LVSD_FIELD_UINT32, G_STRUCT_OFFSET (LvsdGeneration, member), 0, G_MAXUINT32, 0, NULL,    \
        LVSD_FIELD_INTERNAL, NULL, NULL                                                            \
  }

static const LvsdField fields[] = {
  { "cause", LVSD_FIELD_TERM, G_STRUCT_OFFSET (LvsdGeneration, cause), 0, LVSD_CAUSE_IMPORT,
    LVSD_CAUSE_EDITS, lvsd_cause_terms, LVSD_FIELD_INTERNAL, NULL, NULL },
  NUMBER ("time", time),
  NUMBER ("uid", uid),
  NUMBER ("added", added),
  NUMBER ("changed", changed),
  NUMBER ("removed", removed),
  NUMBER ("deadline", deadline),
  NUMBER ("fallback", fallback),
  { "boot-id", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdGeneration, boot_id), 0, 36, 0, NULL,
    LVSD_FIELD_INTERNAL, NULL, NULL },
  { "digest", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdGeneration, digest), 0, 64, 0, NULL,
    LVSD_FIELD_INTERNAL, NULL, NULL },
};

static char *
dup_generation_id (const LvsdItem *item)
{
  return g_strdup_printf ("%u", ((const LvsdGeneration *) item)->number);
}

static guint
hash_generation (const LvsdItem *item)
{
  return ((const LvsdGeneration *) item)->number;
}

static gboolean
equal_generation (const LvsdItem *a, const LvsdItem *b)
{
  return ((const LvsdGeneration *) a)->number == ((const LvsdGeneration *) b)->number;
}

static gboolean
validate_generation (const LvsdItem *item, GError **error)
{
  const LvsdGeneration *generation = (const LvsdGeneration *) item;

  /* A draft has neither number nor fallback yet. */
  if (generation->deadline == 0 || generation->fallback != 0 || generation->number == 0)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("generation %u: fallback: is missing, and there is a deadline"),
               generation->number);
  return FALSE;
}

static void
get_identity (const LvsdItem *item, LvsdVardict *into)
{
  g_autofree char *number = dup_generation_id (item);

  lvsd_vardict_add_string (into, "name", number);
}

static gboolean
set_identity (LvsdItem *item, GVariantDict *from, GError **error)
{
  const char *text;
  guint64 number;

  if (!g_variant_dict_lookup (from, "name", "&s", &text)
      || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &number, NULL))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("generation: name: must be a number"));
      return FALSE;
    }
  ((LvsdGeneration *) item)->number = (guint32) number;
  g_variant_dict_remove (from, "name");
  return TRUE;
}

const LvsdItemClass lvsd_generation_class = {
  .name = "generation",
  .size = sizeof (LvsdGeneration),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .dup_id = dup_generation_id,
  .identity_hash = hash_generation,
  .identity_equal = equal_generation,
  .validate = validate_generation,
  .get_more = get_identity,
  .set_more = set_identity,
};

/* A draft, without a number yet. */
LvsdGeneration *
lvsd_generation_new (LvsdCause cause)
{
  LvsdGeneration *generation = lvsd_item_new (LVSD_KIND_GENERATION);

  generation->cause = (guint8) cause;
  return generation;
}
