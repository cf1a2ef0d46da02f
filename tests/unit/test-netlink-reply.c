/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

#include "kernel/netlink-reply.h"

#define FIRST 7000u /* sequence number of a batch's first message */

typedef struct
{
  LvsdExchange exchange;
  GPtrArray *replies;
  int errnos[8];
} Batch;

static void
begin (Batch *batch, guint n)
{
  memset (batch, 0, sizeof *batch);
  batch->replies = g_ptr_array_new_with_free_func (g_free);
  batch->exchange = (LvsdExchange){
    .first = FIRST,
    .n = n,
    .errnos = batch->errnos,
    .take = lvsd_reply_copy,
    .take_data = batch->replies,
  };
}

static void
end (Batch *batch)
{
  g_ptr_array_unref (batch->replies);
  g_free (batch->exchange.explanation);
}

/* A message of the kernel's behind those that are in the datagram already. */
static void
add (GByteArray *datagram, guint16 type, guint16 flags, guint index, gconstpointer body, gsize size)
{
  struct nlmsghdr head = {
    .nlmsg_len = (guint32) NLMSG_LENGTH (size),
    .nlmsg_type = type,
    .nlmsg_flags = flags,
    .nlmsg_seq = FIRST + index,
  };

  g_byte_array_append (datagram, (const guint8 *) &head, sizeof head);
  g_byte_array_append (datagram, body, (guint) size);
  g_byte_array_set_size (datagram, (guint) NLMSG_ALIGN (datagram->len));
}

static void
add_error (GByteArray *datagram, guint index, int code)
{
  struct nlmsgerr error = { .error = -code };

  add (datagram, NLMSG_ERROR, NLM_F_CAPPED, index, &error, sizeof error);
}

static void
add_row (GByteArray *datagram, guint16 flags)
{
  static const char row[32];

  add (datagram, NLMSG_MIN_TYPE, NLM_F_MULTI | flags, 0, row, sizeof row);
}

static void
add_done (GByteArray *datagram, guint16 flags, int code)
{
  int status = -code;

  add (datagram, NLMSG_DONE, NLM_F_MULTI | flags, 0, &status, sizeof status);
}

static int
take (Batch *batch, GByteArray *datagram)
{
  g_autofree gpointer copy = g_memdup2 (datagram->data, datagram->len);

  return lvsd_exchange_take (&batch->exchange, copy, datagram->len);
}

/* The kernel goes on after it, and acknowledges the last. */
static void
test_an_error_in_the_middle_is_that_messages_own (void)
{
  g_autoptr (GByteArray) datagram = g_byte_array_new ();
  Batch batch;

  begin (&batch, 4);
  add_error (datagram, 1, EEXIST);
  add_error (datagram, 3, 0);
  g_assert_cmpint (take (&batch, datagram), ==, 0);
  g_assert_true (batch.exchange.complete);
  g_assert_cmpint (batch.errnos[0], ==, 0);
  g_assert_cmpint (batch.errnos[1], ==, EEXIST);
  g_assert_cmpint (batch.errnos[2], ==, 0);
  g_assert_cmpint (batch.errnos[3], ==, 0);
  end (&batch);
}

/* Else the next batch would take an answer to this one for its own. */
static void
test_without_its_acknowledgement_a_batch_is_not_over (void)
{
  g_autoptr (GByteArray) errors = g_byte_array_new ();
  g_autoptr (GByteArray) late = g_byte_array_new ();
  Batch batch;

  begin (&batch, 4);
  add_error (errors, 0, EINVAL);
  add_error (errors, 2, EINVAL);
  g_assert_cmpint (take (&batch, errors), ==, 0);
  g_assert_false (batch.exchange.complete);
  batch.exchange.first += 4;
  batch.errnos[3] = 0;
  add_error (late, 3, EPERM);
  g_assert_cmpint (take (&batch, late), ==, 0);
  g_assert_false (batch.exchange.complete);
  g_assert_cmpint (batch.errnos[3], ==, 0);
  end (&batch);
}

static void
test_a_dump_that_was_cut_off_is_not_over (void)
{
  g_autoptr (GByteArray) datagram = g_byte_array_new ();
  Batch batch;

  begin (&batch, 1);
  add_row (datagram, 0);
  add_row (datagram, 0);
  g_byte_array_set_size (datagram, datagram->len - 4);
  g_assert_cmpint (take (&batch, datagram), ==, 0);
  g_assert_cmpuint (batch.replies->len, ==, 1);
  g_assert_false (batch.exchange.complete);
  end (&batch);
}

/* On any of its messages, the last one with no row in it among them. */
static void
test_a_dump_that_was_interrupted_says_so (void)
{
  for (guint marked = 0; marked < 3; marked++)
    {
      g_autoptr (GByteArray) datagram = g_byte_array_new ();
      Batch batch;

      begin (&batch, 1);
      add_row (datagram, marked == 0 ? NLM_F_DUMP_INTR : 0);
      add_row (datagram, marked == 1 ? NLM_F_DUMP_INTR : 0);
      add_done (datagram, marked == 2 ? NLM_F_DUMP_INTR : 0, 0);
      g_assert_cmpint (take (&batch, datagram), ==, 0);
      g_assert_true (batch.exchange.complete);
      g_assert_true (batch.exchange.interrupted);
      end (&batch);
    }
}

static void
test_a_dump_that_failed_at_its_end_has_failed (void)
{
  g_autoptr (GByteArray) datagram = g_byte_array_new ();
  Batch batch;

  begin (&batch, 1);
  add_row (datagram, 0);
  add_done (datagram, 0, EMSGSIZE);
  g_assert_cmpint (take (&batch, datagram), ==, 0);
  g_assert_true (batch.exchange.complete);
  g_assert_cmpint (batch.errnos[0], ==, EMSGSIZE);
  end (&batch);
}

static void
test_an_error_that_is_none_is_refused (void)
{
  g_autoptr (GByteArray) datagram = g_byte_array_new ();
  Batch batch;

  begin (&batch, 1);
  add_error (datagram, 0, 5000);
  g_assert_cmpint (take (&batch, datagram), ==, EBADMSG);
  end (&batch);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/netlink-reply/an-error-in-the-middle-is-that-messages-own",
                   test_an_error_in_the_middle_is_that_messages_own);
  g_test_add_func ("/netlink-reply/without-its-acknowledgement-a-batch-is-not-over",
                   test_without_its_acknowledgement_a_batch_is_not_over);
  g_test_add_func ("/netlink-reply/a-dump-that-was-cut-off-is-not-over",
                   test_a_dump_that_was_cut_off_is_not_over);
  g_test_add_func ("/netlink-reply/a-dump-that-was-interrupted-says-so",
                   test_a_dump_that_was_interrupted_says_so);
  g_test_add_func ("/netlink-reply/a-dump-that-failed-at-its-end-has-failed",
                   test_a_dump_that_failed_at_its_end_has_failed);
  g_test_add_func ("/netlink-reply/an-error-that-is-none-is-refused",
                   test_an_error_that_is_none_is_refused);
  return g_test_run ();
}
