/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  LVSCTL_OPERAND_NONE = 0,
  LVSCTL_OPERAND_TEXT,
  LVSCTL_OPERAND_NAME,     /* of a new service */
  LVSCTL_OPERAND_SERVICE,  /* a name or a key */
  LVSCTL_OPERAND_KEY,      /* of a new service */
  LVSCTL_OPERAND_ENDPOINT, /* ADDRESS or ADDRESS:PORT */
  LVSCTL_OPERAND_PREFIX,   /* ADDRESS or ADDRESS/LENGTH */
  LVSCTL_OPERAND_ADDRESS,  /* the same, of which the length does not matter */
  LVSCTL_OPERAND_HOST,     /* ADDRESS, or that with /32 or /128 */
  LVSCTL_OPERAND_SETTING,  /* NAME, without a dot one of net.ipv4.vs */
  LVSCTL_OPERAND_SYNC,     /* master or backup */
  LVSCTL_OPERAND_BINDING,  /* ADDRESS[/LENGTH][@INTERFACE] */
} LvsctlOperandType;

/* One operand of a verb. Optional ones are filled from the left with what the others leave over; a
 * repeated one is the last. */
typedef struct
{
  const char *name;
  LvsctlOperandType type;
  gboolean optional;
  gboolean repeated;
} LvsctlOperand;

char *lvsctl_operand_canonical (LvsctlOperandType type, const char *text, GError **error);

G_END_DECLS
