/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/plan.h"
#include "model/receiver.h"

G_BEGIN_DECLS

/* The machine's interfaces and addresses over rtnetlink. */
typedef struct _LvsdLinks LvsdLinks;

typedef struct
{
  int index;
  gboolean up;      /* administratively (IFF_UP) */
  gboolean running; /* with a carrier (IFF_RUNNING) */
  gboolean loopback;
  gboolean speaks_arp; /* not IFF_NOARP, and has a hardware address of 6 bytes */
  guint8 hardware_address[6];
  char name[LVSD_INTERFACE_MAX + 1];
} LvsdLink;

/* An address as found, beside the item that LvsdActual holds of it. */
typedef struct
{
  LvsdAddress address;
  guint8 prefix_length;
  gboolean secondary; /* IFA_F_SECONDARY; for IPv6 that bit means temporary, so it is FALSE there */
  gboolean failed;    /* IFA_F_DADFAILED */
  gboolean permanent; /* IFA_F_PERMANENT: nobody has to renew it, as a lease has to be */
  gboolean has_peer;  /* IFA_ADDRESS is the other end's */
  int index;
} LvsdFoundAddress;

/* Something about the addresses or the state of an interface changed, by whoever. name is NULL when
 * messages were lost and anything may have changed. */
typedef void (*LvsdLinksFunc) (const char *name, gpointer user_data);

LvsdLinks *lvsd_links_new (LvsdLinksFunc changed, gpointer user_data, GError **error);
void lvsd_links_free (LvsdLinks *links);

gboolean lvsd_links_find (LvsdLinks *links, const char *name, LvsdLink *ret_link, GError **error);
GArray *lvsd_links_list (LvsdLinks *links, GError **error);

gboolean lvsd_links_read (LvsdLinks *links, const char *name, LvsdActual *into, GError **error);
GArray *lvsd_links_addresses (LvsdLinks *links, const char *name, GError **error);
gboolean lvsd_links_is_local (LvsdLinks *links, const LvsdAddress *address, GError **error);

gboolean lvsd_links_would_be_primary (LvsdLinks *links,
                                      const LvsdVirtualAddress *address,
                                      gboolean *ret_primary,
                                      GError **error);

gboolean lvsd_links_apply (LvsdLinks *links, const LvsdStep *step, GError **error);
gboolean lvsd_links_ensure (LvsdLinks *links,
                            const LvsdReceiver *receiver,
                            LvsdLink *ret_link,
                            GError **error);
gboolean lvsd_links_switch (LvsdLinks *links, const LvsdLink *link, gboolean up, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdLinks, lvsd_links_free)

G_END_DECLS
