/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "netlink-reply.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

/* The kernel's errors go from -1 to -4095 (MAX_ERRNO in include/linux/err.h). */
#define LEAST_ERROR (-4095)

static gboolean
is_error (int status)
{
  return status >= LEAST_ERROR && status <= 0;
}

/* What an extended acknowledgement says in words (NETLINK_EXT_ACK), about the first failure. */
static void
keep_explanation (LvsdExchange *exchange, struct nlmsghdr *message, const struct nlmsgerr *reply)
{
  gsize length = message->nlmsg_len - NLMSG_HDRLEN;
  gsize skip = sizeof *reply;
  struct nlattr *text;

  if ((message->nlmsg_flags & NLM_F_ACK_TLVS) == 0 || exchange->explanation != NULL)
    return;
  if ((message->nlmsg_flags & NLM_F_CAPPED) == 0 && reply->msg.nlmsg_len >= NLMSG_HDRLEN)
    skip += NLMSG_ALIGN ((gsize) reply->msg.nlmsg_len) - NLMSG_HDRLEN;
  if (skip > length)
    return;
  text = nlmsg_find_attr (message, (int) skip, NLMSGERR_ATTR_MSG);
  if (text != NULL)
    exchange->explanation = g_strndup (nla_data (text), (gsize) nla_len (text));
}

static int
take_error (LvsdExchange *exchange, struct nlmsghdr *message, guint index)
{
  const struct nlmsgerr *reply = nlmsg_data (message);

  if (message->nlmsg_len < (guint) nlmsg_size (sizeof *reply) || !is_error (reply->error))
    return EBADMSG;
  exchange->errnos[index] = -reply->error;
  if (reply->error != 0)
    keep_explanation (exchange, message, reply);
  if (index == exchange->n - 1)
    exchange->complete = TRUE;
  return 0;
}

/* The end of a dump carries a status of its own. */
static int
take_done (LvsdExchange *exchange, struct nlmsghdr *message, guint index)
{
  const int *status = nlmsg_data (message);

  if (message->nlmsg_len >= (guint) nlmsg_size (sizeof *status) && is_error (*status))
    exchange->errnos[index] = -*status;
  exchange->complete = TRUE;
  return 0;
}

static int
take_message (LvsdExchange *exchange, struct nlmsghdr *message)
{
  guint index = message->nlmsg_seq - exchange->first;

  if (index >= exchange->n)
    return 0; /* the answer to a question that was given up */
  if ((message->nlmsg_flags & NLM_F_DUMP_INTR) != 0)
    exchange->interrupted = TRUE;
  if (message->nlmsg_type == NLMSG_ERROR)
    return take_error (exchange, message, index);
  if (message->nlmsg_type == NLMSG_DONE)
    return take_done (exchange, message, index);
  if (message->nlmsg_type >= NLMSG_MIN_TYPE && exchange->take != NULL)
    exchange->take (message, exchange->take_data);
  return 0;
}

int
lvsd_exchange_take (LvsdExchange *exchange, gpointer buffer, gsize length)
{
  struct nlmsghdr *message = buffer;
  int rest = (int) length;
  int status = 0;

  for (; status == 0 && nlmsg_ok (message, rest); message = nlmsg_next (message, &rest))
    status = take_message (exchange, message);
  return status;
}

void
lvsd_reply_copy (struct nlmsghdr *reply, gpointer copies)
{
  g_ptr_array_add (copies, g_memdup2 (reply, reply->nlmsg_len));
}

guint16
lvsd_netlink_reply_read_family (const GPtrArray *replies)
{
  static struct nla_policy policy[CTRL_ATTR_FAMILY_ID + 1] = {
    [CTRL_ATTR_FAMILY_ID] = { .type = NLA_U16 },
  };
  struct nlattr *attributes[CTRL_ATTR_FAMILY_ID + 1];

  for (guint i = 0; i < replies->len; i++)
    {
      struct nlmsghdr *reply = g_ptr_array_index (replies, i);

      if (genlmsg_parse (reply, 0, attributes, CTRL_ATTR_FAMILY_ID, policy) >= 0
          && attributes[CTRL_ATTR_FAMILY_ID] != NULL)
        return nla_get_u16 (attributes[CTRL_ATTR_FAMILY_ID]);
    }
  return 0;
}
