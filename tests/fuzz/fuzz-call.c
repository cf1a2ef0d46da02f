/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>

#include "bus/dispatch.h"
#include "bus/object-manager.h"
#include "bus/object-path.h"
#include "auth/audit-entry.h"
#include "auth/details.h"
#include "dbus/interfaces.h"
#include "fuzz.h"
#include "model/error.h"
#include "store/checkpoint.h"

/* What callers send: the first line names interface and method, the rest is the arguments as
 * GVariant text. GDBus itself refuses arguments of another type than the method's, so that only
 * their values and what is in variants is free. Each call comes to a director that has one thing of
 * each kind; what decode says is to be done is not done. */

static const char desired[] = "[lvsd]\nformat=1\nsequence=1\n"
                              "\n[service web]\nkey=tcp/192.0.2.1:80\nscheduler=rr\n"
                              "destination 192.0.2.11 80=method=direct weight=1\n"
                              "\n[address 192.0.2.1]\ninterface=eth0\n"
                              "\n[role 192.0.2.1]\n"
                              "\n[settings]\nnet.ipv4.vs.drop_entry=1\n";

/* Instead of a method, before the name of a section of Apply; what follows are its rows, packed. */
#define PACKED "Packed "

static char *state_directory;

/* The longest that a person, polkit, or a log is told of one input. */
#define LONGEST_DETAIL 256

/* Objects of one call that the journal names. */
#define MOST_LOGGED 32u

static const GDBusInterfaceInfo *const interfaces[] = {
  &org_lvsd1_manager_interface,          &org_lvsd1_virtual_service_interface,
  &org_lvsd1_destination_interface,      &org_lvsd1_virtual_address_interface,
  &org_lvsd1_real_server_role_interface, &lvsd_object_manager_interface,
};

static void
remove_state (void)
{
  g_autoptr (GDir) listing = g_dir_open (state_directory, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *file = g_build_filename (state_directory, name, NULL);

      g_unlink (file);
    }
  g_rmdir (state_directory);
  g_free (state_directory);
}

static void
write_desired (void)
{
  g_autoptr (LvsdDirectory) directory = lvsd_directory_open (state_directory, NULL);
  GString *text = g_string_new (desired);
  g_autoptr (GError) error = NULL;

  lvsd_checkpoint_write (directory, 1, text, &error);
  g_assert_no_error (error);
  g_string_free (text, TRUE);
}

/* It reads this machine's kernel, as any caller may have it do, and writes nothing. */
static LvsdEngine *
director (void)
{
  static LvsdEngine *engine;
  g_autoptr (GError) error = NULL;

  if (engine != NULL)
    return engine;
  state_directory = g_dir_make_tmp ("lvsd-fuzz-XXXXXX", NULL);
  write_desired ();
  engine = lvsd_engine_new (state_directory, "/nonexistent/lvsd.conf", &error);
  g_assert_no_error (error);
  atexit (remove_state);
  return engine;
}

static gboolean
take_first (gpointer item, gpointer user_data)
{
  *(gpointer *) user_data = item;
  return FALSE;
}

/* The director's item of this kind; NULL: the manager. */
static gpointer
find_target (const LvsdTable *table, const char *interface)
{
  static const struct
  {
    const GDBusInterfaceInfo *interface;
    LvsdKind kind;
  } kinds[] = {
    { &org_lvsd1_virtual_service_interface, LVSD_KIND_SERVICE },
    { &org_lvsd1_virtual_address_interface, LVSD_KIND_ADDRESS },
    { &org_lvsd1_real_server_role_interface, LVSD_KIND_ROLE },
  };
  gpointer found = NULL;

  if (g_str_equal (interface, org_lvsd1_destination_interface.name))
    return lvsd_table_find_by_id (table, LVSD_KIND_DESTINATION, "web/192.0.2.11:80");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (interface, kinds[i].interface->name))
      lvsd_table_walk (table, kinds[i].kind, NULL, take_first, &found);
  return found;
}

static const LvsdCall *
find_call (const char *line, const GDBusMethodInfo **ret_method)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 2);

  for (gsize i = 0; i < G_N_ELEMENTS (interfaces) && words[0] != NULL && words[1] != NULL; i++)
    if (g_str_has_suffix (interfaces[i]->name, words[0]))
      {
        const LvsdCall *call = lvsd_dispatch_find (interfaces[i]->name, words[1]);

        if (call == NULL)
          continue;
        *ret_method =
            g_dbus_interface_info_lookup_method ((GDBusInterfaceInfo *) interfaces[i], words[1]);
        return call;
      }
  return NULL;
}

static gboolean
has_type (GVariant *tuple, GDBusArgInfo **arguments)
{
  g_autoptr (GString) type = g_string_new ("(");

  for (guint i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_string_append (type, arguments[i]->signature);
  g_string_append_c (type, ')');
  return g_variant_is_of_type (tuple, G_VARIANT_TYPE (type->str));
}

static void
assert_told_briefly (const LvsdRequest *request)
{
  g_autoptr (GVariant) details = g_variant_ref_sink (
      lvsd_details_new (request->change, request->target, "what is about to happen"));
  GVariantIter iter;
  const char *value;

  g_variant_iter_init (&iter, details);
  while (g_variant_iter_next (&iter, "{&s&s}", NULL, &value))
    g_assert_cmpuint (strlen (value), <=, LONGEST_DETAIL);
}

/* Nothing that a caller chose begins a line of its own. */
static void
assert_logged_by_line (const LvsdRequest *request)
{
  g_autoptr (LvsdAuditEntry) entry = lvsd_audit_entry_new (
      request->call->interface, request->call->name, request->call->action, ":1.1");
  g_auto (GStrv) before = NULL;
  g_auto (GStrv) after = NULL;

  lvsd_audit_entry_describe (entry, request->change);
  before = g_strsplit (entry->before->str, "\n", -1);
  after = g_strsplit (entry->after->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (before), <=, entry->objects->len);
  g_assert_cmpuint (g_strv_length (after), <=, entry->objects->len);
  g_assert_cmpuint (entry->objects->len, <=, MIN (request->change->edits->len, MOST_LOGGED));
}

static void
sign (LvsdDestination *draft)
{
  if (draft->runtime != NULL && draft->runtime->owner == NULL)
    draft->runtime->owner = g_strdup ("root");
}

/* Whose a weight for now is, and when a hold ends, becomes known at the gate. */
static void
pass_gate (const LvsdRequest *request)
{
  for (guint i = 0; i < request->change->edits->len; i++)
    {
      LvsdItem *draft = lvsd_change_edit (request->change, i)->after;

      if (draft == NULL)
        continue;
      if (lvsd_item_get_kind (draft) == LVSD_KIND_DESTINATION)
        sign ((LvsdDestination *) draft);
      else if (lvsd_item_get_kind (draft) == LVSD_KIND_HOLD)
        ((LvsdHold *) draft)->deadline = ((LvsdHold *) draft)->seconds;
    }
}

/* What is to be changed is what the director has; what is to be there is valid, can be recorded,
 * and has a path of its own. */
static void
assert_sound_change (const LvsdRequest *request, const LvsdTable *table)
{
  g_autoptr (GVariant) recorded = g_variant_ref_sink (lvsd_change_to_variant (request->change));
  g_autoptr (LvsdChange) again = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < request->change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (request->change, i);
      g_autofree char *path =
          lvsd_object_path_for_item (edit->after != NULL ? edit->after : edit->before);

      g_assert_true (g_variant_is_object_path (path));
      g_assert_true (edit->before == NULL || lvsd_table_find (table, edit->before) == edit->before);
      if (edit->after != NULL)
        lvsd_item_validate (edit->after, &error);
      g_assert_no_error (error);
    }
  again = lvsd_change_from_variant (recorded, &error);
  g_assert_no_error (error);
  g_assert_nonnull (again);
}

static void
decode (const LvsdCall *call, const GDBusMethodInfo *method, GVariant *arguments)
{
  LvsdEngine *engine = director ();
  const LvsdTable *table = lvsd_engine_table (engine);
  g_autoptr (LvsdRequest) request = g_new0 (LvsdRequest, 1);
  g_autoptr (GError) error = NULL;

  request->engine = engine;
  request->call = call;
  request->parameters = arguments;
  request->target = find_target (table, call->interface);
  if (request->target != NULL)
    lvsd_item_ref (request->target);
  request->action = call->action;
  request->change = lvsd_change_new ();
  request->required = g_ptr_array_new_with_free_func (lvsd_item_unref);
  request->added = g_ptr_array_new_with_free_func (lvsd_item_unref);
  /* As a thread has read them: the state of before the first change. */
  request->generation_items = g_ptr_array_new ();
  if (!call->decode (request, &error))
    {
      g_assert_true (error->domain == LVSD_ERROR || error->domain == G_DBUS_ERROR);
      return;
    }
  g_assert_no_error (error);
  assert_logged_by_line (request);
  pass_gate (request);
  assert_sound_change (request, table);
  assert_told_briefly (request);
  if (request->make_reply != NULL)
    lvsd_request_set_reply (request, request->make_reply (request));
  if (request->reply != NULL)
    g_assert_true (has_type (request->reply, method->out_args));
}

/* As Apply takes a section whose rows were packed into bytes. */
static GVariant *
pack_section (const char *section, const guint8 *data, gsize size)
{
  g_auto (GVariantDict) sections = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert_value (&sections, section,
                               g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, data, size, TRUE,
                                                        NULL, NULL));
  return g_variant_new ("(@a{sv}a{sv})", g_variant_dict_end (&sections), NULL);
}

static GVariant *
read_arguments (const guint8 *data, gsize size)
{
  g_autofree char *text = fuzz_dup_text (data, size);

  return text != NULL && g_utf8_validate (text, -1, NULL)
             ? g_variant_parse (NULL, text, NULL, NULL, NULL)
             : NULL;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 *newline = size > 0 ? memchr (data, '\n', size) : NULL;
  const GDBusMethodInfo *method = NULL;
  g_autoptr (GVariant) arguments = NULL;
  g_autofree char *line = NULL;
  const LvsdCall *call;
  gboolean packed;
  gsize left;

  fuzz_begin ();
  if (newline == NULL || !g_utf8_validate ((const char *) data, newline - data, NULL))
    return 0;
  line = g_strndup ((const char *) data, (gsize) (newline - data));
  left = size - (gsize) (++newline - data);
  packed = g_str_has_prefix (line, PACKED);
  call = find_call (packed ? "Manager Apply" : line, &method);
  if (call != NULL)
    arguments = packed ? g_variant_ref_sink (pack_section (line + strlen (PACKED), newline, left))
                       : read_arguments (newline, left);
  if (arguments != NULL && has_type (arguments, method->in_args))
    decode (call, method, arguments);
  return 0;
}
