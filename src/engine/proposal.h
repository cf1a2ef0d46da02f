/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/adoption.h"
#include "engine/node.h"

G_BEGIN_DECLS

/* An adoption while it is put together: each kind of thing adds what it finds. */
typedef struct
{
  LvsdNode *node;
  const LvsdAdoptionScope *scope;
  LvsdAdoption *adoption;
  LvsdActual *actual;         /* services and addresses as the kernel holds them */
  GArray *found;              /* of LvsdFoundAddress */
  GArray *links;              /* of LvsdLink */
  const LvsdServiceKey *only; /* the scope's service, or NULL */
  LvsdServiceKey only_key;
  gboolean seen;   /* the scope's one address is there, whatever came of it */
  GError *refusal; /* the first: the answer to who named one thing alone */
} LvsdProposal;

/* Reads the kernel and proposes what the scope names; writes nothing anywhere. Fails with
 * InvalidArgument and NotFound, with the refusal of a thing that was named alone, or where the
 * kernel does not answer. */
LvsdAdoption *lvsd_proposal_make (LvsdNode *node, const LvsdAdoptionScope *scope, GError **error);

/* For those who add: an item to be taken over, where before is what lvsd wants now or NULL; or why
 * a thing is left, of which the error is taken over. */
void lvsd_proposal_take (LvsdProposal *proposal, gpointer before, gpointer after);
void lvsd_proposal_leave (LvsdProposal *proposal, GError *reason);

/* Takes an item over where it goes together with all that lvsd has and is to take over; leaves it
 * otherwise. */
void lvsd_proposal_offer (LvsdProposal *proposal, gpointer before, gpointer after);

/* proposal-services.c, proposal-addresses.c, proposal-roles.c, proposal-sync.c,
 * proposal-settings.c */
gboolean lvsd_proposal_add_services (LvsdProposal *proposal, GError **error);
gboolean lvsd_proposal_add_addresses (LvsdProposal *proposal, GError **error);
gboolean lvsd_proposal_add_roles (LvsdProposal *proposal, GError **error);
gboolean lvsd_proposal_add_sync (LvsdProposal *proposal, GError **error);
gboolean lvsd_proposal_add_settings (LvsdProposal *proposal, GError **error);

G_END_DECLS
