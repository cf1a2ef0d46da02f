/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

#include "agent.h"
#include "far.h"

G_BEGIN_DECLS

typedef struct _LvsctlArguments LvsctlArguments;
typedef struct _LvsctlCommand LvsctlCommand;

/* One run of the program: what was asked for, and the bus once it is needed. */
typedef struct
{
  const LvsctlArguments *arguments;
  const char *host; /* NULL: this machine */
  gboolean is_one_of_several;
  LvsctlFar *far;
  GDBusConnection *bus;
  LvsctlAgent *agent;  /* NULL: none was needed */
  GUnixFDList *parcel; /* that goes with calls; NULL: none */
  int exit_status;     /* where nothing failed */
} LvsctlClient;

/* An object of the daemon's and the interface that is meant. */
typedef struct
{
  const char *path;
  const char *interface;
} LvsctlObject;

extern const LvsctlObject lvsctl_manager;

void lvsctl_client_clear (LvsctlClient *client);

/* Whether the bus is there; client->bus afterwards. */
gboolean lvsctl_client_connect (LvsctlClient *client, GError **error);

/* Turns what GDBus made of a failure into one line that says what to do. Takes the reason. */
void lvsctl_client_explain (GError *reason, GError **error);

/* parameters may be floating or NULL; a reply of another type than reply_type is an error. */
GVariant *lvsctl_client_call (LvsctlClient *client,
                              const LvsctlObject *object,
                              const char *method,
                              GVariant *parameters,
                              const char *reply_type,
                              GError **error);
char *
lvsctl_client_find (LvsctlClient *client, const char *method, GVariant *parameters, GError **error);
GVariantDict *
lvsctl_client_get_properties (LvsctlClient *client, const LvsctlObject *object, GError **error);

/* One property; an error where it is of another type. */
GVariant *lvsctl_client_get_property (LvsctlClient *client,
                                      const LvsctlObject *object,
                                      const char *name,
                                      const GVariantType *type,
                                      GError **error);

/* A method that changes something, with its options last: a{sv}, or NULL for none. Where it is
 * refused because something is in use, a person at a terminal is shown why and asked; question is
 * what they are asked. */
GVariant *lvsctl_client_change (LvsctlClient *client,
                                const LvsctlObject *object,
                                const char *method,
                                GVariant *first,
                                GVariant *options,
                                const char *question,
                                const char *reply_type,
                                GError **error);

void lvsctl_client_say (LvsctlClient *client, const char *format, ...) G_GNUC_PRINTF (2, 3);

void lvsctl_client_warn (const char *const *warnings);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsctlClient, lvsctl_client_clear)

G_END_DECLS
