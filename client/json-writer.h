/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* JSON that is written as it comes, member by member. */
typedef struct
{
  GString *text;
  gboolean pretty; /* else all in one line */
  guint depth;
  gboolean filled; /* what is open has something in it already */
} LvsctlJsonWriter;

void lvsctl_json_writer_init (LvsctlJsonWriter *writer, gboolean pretty);
void lvsctl_json_writer_clear (LvsctlJsonWriter *writer);

void lvsctl_json_begin (LvsctlJsonWriter *writer, char bracket);
void lvsctl_json_end (LvsctlJsonWriter *writer, char bracket);

/* Goes before each element of an array, and each member of an object; its name is that of an
 * option, with _ for - as jq likes it. */
void lvsctl_json_element (LvsctlJsonWriter *writer);
void lvsctl_json_member (LvsctlJsonWriter *writer, const char *name);

void lvsctl_json_string (LvsctlJsonWriter *writer, const char *text);
void lvsctl_json_number (LvsctlJsonWriter *writer, guint64 number);

/* Takes the value if it is floating. */
void lvsctl_json_value (LvsctlJsonWriter *writer, GVariant *value);

/* The members of an a{sv} that is written into the object that is open. */
void lvsctl_json_members (LvsctlJsonWriter *writer, GVariant *object);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsctlJsonWriter, lvsctl_json_writer_clear)

G_END_DECLS
