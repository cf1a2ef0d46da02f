/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <unistd.h>

#include "arguments.h"
#include "dbus/names.h"
#include "exit-status.h"
#include "json.h"
#include "model/error.h"
#include "progress.h"
#include "prompt.h"
#include "terminal.h"

typedef struct
{
  const LvsctlObject *object;
  const char *method;
  GVariant *parameters;
  const GVariantType *reply_type;
} Call;

const LvsctlObject lvsctl_manager = { LVSD_OBJECT_PATH, LVSD_INTERFACE_MANAGER };

void
lvsctl_client_clear (LvsctlClient *client)
{
  g_clear_pointer (&client->agent, lvsctl_agent_free);
  g_clear_object (&client->parcel);
  g_clear_object (&client->bus);
  g_clear_pointer (&client->far, lvsctl_far_free);
}

static gboolean
connect_far (LvsctlClient *client, GError **error)
{
  client->far = lvsctl_far_new (client->host, error);
  if (client->far == NULL)
    return FALSE;
  client->bus = g_object_ref (lvsctl_far_bus (client->far));
  g_dbus_connection_set_exit_on_close (client->bus, FALSE);
  return TRUE;
}

gboolean
lvsctl_client_connect (LvsctlClient *client, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (client->bus != NULL)
    return TRUE;
  if (client->host != NULL)
    return connect_far (client, error);
  client->bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &reason);
  if (client->bus == NULL)
    {
      g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_UNREACHABLE,
                   _ ("the system bus cannot be reached: %s"), reason->message);
      return FALSE;
    }
  /* A bus that goes away is an error to report, not a signal to die of. */
  g_dbus_connection_set_exit_on_close (client->bus, FALSE);
  return TRUE;
}

static gboolean
is_absent (const GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);

  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || (name != NULL
             && (g_str_has_prefix (name, "org.freedesktop.systemd1.")
                 || g_str_has_prefix (name, "org.freedesktop.DBus.Error.Spawn.")
                 || g_str_has_prefix (name, "org.freedesktop.DBus.Error.Time")));
}

static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static gboolean
is_of_another_version (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_PROPERTY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

void
lvsctl_client_explain (GError *reason, GError **error)
{
  if (is_absent (reason))
    {
      g_error_free (reason);
      g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_UNREACHABLE,
                           _ ("lvsd is not running; start it with 'systemctl start lvsd'"));
      return;
    }
  if (is_gone (reason))
    {
      g_error_free (reason);
      g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_UNREACHABLE,
                           _ ("lvsd went away before it answered; see 'journalctl -u lvsd', and "
                              "'lvsctl list' for what there is now"));
      return;
    }
  g_dbus_error_strip_remote_error (reason);
  if (is_of_another_version (reason))
    g_prefix_error (&reason, _ ("lvsd and lvsctl are of different versions: "));
  g_propagate_error (error, reason);
}

/* Root is not asked, and whoever is asked has to be at this machine. */
static gboolean
may_be_asked (const LvsctlClient *client)
{
  return !client->arguments->no_ask_password && client->host == NULL && geteuid () != 0
         && lvsctl_agent_is_possible ();
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED);
}

/* Without a time limit: somebody may be typing a password. error is not NULL. */
static GVariant *
call_once (LvsctlClient *client, const Call *call, gboolean ask, GError **error)
{
  GVariant *reply;

  if (client->agent != NULL)
    lvsctl_agent_begin (client->agent);
  reply = g_dbus_connection_call_with_unix_fd_list_sync (
      client->bus, LVSD_BUS_NAME, call->object->path, call->object->interface, call->method,
      call->parameters, call->reply_type,
      ask ? G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION : G_DBUS_CALL_FLAGS_NONE, G_MAXINT,
      client->parcel, NULL, NULL, error);
  if (client->agent != NULL && lvsctl_agent_end (client->agent) && is_refusal (*error))
    {
      g_clear_error (error);
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_AUTHORIZATION_DISMISSED,
                           _ ("the question for the password was dismissed"));
    }
  return reply;
}

static gboolean
needs_password (const GError *error)
{
  return g_error_matches (error, LVSD_ERROR, LVSD_ERROR_INTERACTION_REQUIRED);
}

/* Takes the reason. What is missing is ours to say where it is not an agent in the session. */
static void
explain_need (const LvsctlClient *client, GError *reason, GError **error)
{
  g_autoptr (GError) owned = reason;
  const char *advice;

  g_dbus_error_strip_remote_error (owned);
  if (client->arguments->no_ask_password)
    advice = _ ("leave out --no-ask-password, or do it as root");
  else if (client->host != NULL)
    advice = _ ("log in there as root (-H root@HOST)");
  else
    advice = _ ("there is no terminal to ask on: use one, or do it as root");
  g_set_error (error, owned->domain, owned->code, "%s; %s", owned->message, advice);
}

/* Whoever has an agent in their session is asked by that one; only where the daemon finds none is
 * ours started, and the call, which did nothing yet, made again. */
static GVariant *
make (LvsctlClient *client, const Call *call, GError **error)
{
  gboolean ask = may_be_asked (client);
  g_autoptr (GError) reason = NULL;
  GVariant *reply = call_once (client, call, ask, &reason);

  if (reply == NULL && ask && client->agent == NULL && needs_password (reason))
    {
      client->agent = lvsctl_agent_new (error);
      if (client->agent == NULL)
        return NULL;
      g_clear_error (&reason);
      reply = call_once (client, call, ask, &reason);
    }
  if (reply != NULL)
    return reply;
  if (needs_password (reason) && !ask)
    explain_need (client, g_steal_pointer (&reason), error);
  else
    lvsctl_client_explain (g_steal_pointer (&reason), error);
  return NULL;
}

GVariant *
lvsctl_client_call (LvsctlClient *client,
                    const LvsctlObject *object,
                    const char *method,
                    GVariant *parameters,
                    const char *reply_type,
                    GError **error)
{
  g_autoptr (GVariant) owned = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;
  const Call call = { object, method, owned,
                      reply_type != NULL ? G_VARIANT_TYPE (reply_type) : NULL };

  return lvsctl_client_connect (client, error) ? make (client, &call, error) : NULL;
}

/* The path of an object, by one of the manager's Get methods. */
char *
lvsctl_client_find (LvsctlClient *client, const char *method, GVariant *parameters, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_call (client, &lvsctl_manager, method, parameters, "(o)", error);
  char *path = NULL;

  if (reply != NULL)
    g_variant_get (reply, "(o)", &path);
  return path;
}

GVariantDict *
lvsctl_client_get_properties (LvsctlClient *client, const LvsctlObject *object, GError **error)
{
  const LvsctlObject properties = { object->path, "org.freedesktop.DBus.Properties" };
  g_autoptr (GVariant) reply = lvsctl_client_call (
      client, &properties, "GetAll", g_variant_new ("(s)", object->interface), "(a{sv})", error);
  g_autoptr (GVariant) all = NULL;

  if (reply == NULL)
    return NULL;
  all = g_variant_get_child_value (reply, 0);
  return g_variant_dict_new (all);
}

GVariant *
lvsctl_client_get_property (LvsctlClient *client,
                            const LvsctlObject *object,
                            const char *name,
                            const GVariantType *type,
                            GError **error)
{
  const LvsctlObject properties = { object->path, "org.freedesktop.DBus.Properties" };
  g_autoptr (GVariant) reply = lvsctl_client_call (
      client, &properties, "Get", g_variant_new ("(ss)", object->interface, name), "(v)", error);
  g_autoptr (GVariant) value = NULL;

  if (reply == NULL)
    return NULL;
  g_variant_get (reply, "(v)", &value);
  if (g_variant_is_of_type (value, type))
    return g_steal_pointer (&value);
  g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_SIGNATURE,
               _ ("lvsd's property %s is of another type than expected"), name);
  return NULL;
}

static GVariant *
build_parameters (GVariant *first, GVariant *options, gboolean force)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);
  GVariantBuilder builder;

  if (force)
    g_variant_dict_insert (&dict, "force", "b", TRUE);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  for (gsize i = 0; first != NULL && i < g_variant_n_children (first); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (first, i);

      g_variant_builder_add_value (&builder, child);
    }
  g_variant_builder_add_value (&builder, g_variant_dict_end (&dict));
  return g_variant_builder_end (&builder);
}

/* Root is asked for no password, so nobody types where this writes. */
static GVariant *
call_and_wait (LvsctlClient *client,
               const LvsctlObject *object,
               const char *method,
               GVariant *parameters,
               const char *reply_type,
               GError **error)
{
  g_autoptr (LvsctlProgress) progress =
      !client->arguments->quiet && geteuid () == 0 ? lvsctl_progress_begin () : NULL;

  return lvsctl_client_call (client, object, method, parameters, reply_type, error);
}

GVariant *
lvsctl_client_change (LvsctlClient *client,
                      const LvsctlObject *object,
                      const char *method,
                      GVariant *first,
                      GVariant *options,
                      const char *question,
                      const char *reply_type,
                      GError **error)
{
  g_autoptr (GVariant) owned = first != NULL ? g_variant_ref_sink (first) : NULL;
  g_autoptr (GVariant) given = options != NULL ? g_variant_ref_sink (options) : NULL;
  gboolean force = question != NULL && client->arguments->force;
  g_autoptr (GError) reason = NULL;
  GVariant *reply;

  reply = call_and_wait (client, object, method, build_parameters (owned, given, force), reply_type,
                         &reason);
  if (reply != NULL)
    return reply;
  if (question == NULL || force || !g_error_matches (reason, LVSD_ERROR, LVSD_ERROR_IN_USE))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  if (!lvsctl_prompt_is_possible ())
    {
      g_set_error (error, reason->domain, reason->code, _ ("%s (with --force)"), reason->message);
      return NULL;
    }
  if (!lvsctl_prompt_yes_or_no (reason->message, question, error))
    return NULL;
  return call_and_wait (client, object, method, build_parameters (owned, given, TRUE), reply_type,
                        error);
}

static void
print_saying (const LvsctlClient *client, const char *text)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *command = lvsctl_command_name (client->arguments->command);

  lvsctl_json_add (&object, "command", g_variant_new_string (command));
  lvsctl_json_add (&object, "message", g_variant_new_string (text));
  lvsctl_json_print (g_variant_builder_end (&object));
}

/* One line that says what was done. */
void
lvsctl_client_say (LvsctlClient *client, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  if (client->arguments->quiet)
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (client->arguments->json)
    print_saying (client, text);
  else if (client->is_one_of_several)
    printf ("%s: %s\n", client->host, text);
  else
    printf ("%s\n", text);
}

void
lvsctl_client_warn (const char *const *warnings)
{
  fflush (stdout);
  for (gsize i = 0; warnings[i] != NULL; i++)
    {
      g_autofree char *shown = lvsctl_terminal_sanitize (warnings[i]);

      fprintf (stderr, _ ("warning: %s\n"), shown);
    }
}
