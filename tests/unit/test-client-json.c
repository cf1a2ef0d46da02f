/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "client/json-document.h"
#include "client/sections.h"
#include "model/error.h"
#include "samples.h"

static GVariant *
parse_sections (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *sections = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return sections;
}

static const char written[] = "{\n"
                              "  \"format\" : 1,\n"
                              "  \"generation\" : 7,\n"
                              "  \"services\" : [\n"
                              "    {\n"
                              "      \"name\" : \"web\",\n"
                              "      \"key\" : \"tcp/192.0.2.100:80\",\n"
                              "      \"scheduler\" : \"rr\",\n"
                              "      \"flags\" : [],\n"
                              "      \"persistence\" : 0,\n"
                              "      \"persistence_prefix\" : 0,\n"
                              "      \"persistence_engine\" : \"\",\n"
                              "      \"one_packet\" : false,\n"
                              "      \"destinations\" : [\n"
                              "        {\n"
                              "          \"endpoint\" : \"192.0.2.11:80\",\n"
                              "          \"method\" : \"direct\",\n"
                              "          \"weight\" : 2,\n"
                              "          \"upper_threshold\" : 0,\n"
                              "          \"lower_threshold\" : 0,\n"
                              "          \"tunnel\" : \"ipip\",\n"
                              "          \"tunnel_port\" : 0,\n"
                              "          \"tunnel_checksum\" : \"none\"\n"
                              "        }\n"
                              "      ]\n"
                              "    }\n"
                              "  ],\n"
                              "  \"addresses\" : [],\n"
                              "  \"roles\" : [\n"
                              "    {\n"
                              "      \"address\" : \"192.0.2.102\",\n"
                              "      \"method\" : \"direct\",\n"
                              "      \"tunnel\" : \"ipip\",\n"
                              "      \"tunnel_port\" : 0,\n"
                              "      \"interface\" : \"\",\n"
                              "      \"advmss\" : 0\n"
                              "    }\n"
                              "  ],\n"
                              "  \"settings\" : [\n"
                              "    {\n"
                              "      \"name\" : \"timeout.udp\",\n"
                              "      \"value\" : \"60\"\n"
                              "    }\n"
                              "  ],\n"
                              "  \"sync\" : [\n"
                              "    {\n"
                              "      \"state\" : \"master\",\n"
                              "      \"interface\" : \"eth0\",\n"
                              "      \"id\" : 0,\n"
                              "      \"max_length\" : 0,\n"
                              "      \"group\" : \"224.0.0.81\",\n"
                              "      \"port\" : 8848,\n"
                              "      \"ttl\" : 1\n"
                              "    }\n"
                              "  ]\n"
                              "}\n";

static void
test_json_has_identity_and_fields (void)
{
  g_autoptr (GVariant) sections =
      parse_sections ("{'services': <[('web', 'tcp/192.0.2.100:80', {'scheduler': <'rr'>},"
                      " [('192.0.2.11:80', 'direct', uint32 2, @a{sv} {})])]>,"
                      " 'roles': <[('192.0.2.102', @a{sv} {})]>,"
                      " 'settings': <[('timeout.udp', '60')]>,"
                      " 'sync': <[('master', {'interface': <'eth0'>})]>}");
  g_autoptr (GPtrArray) items = lvsctl_sections_to_items (sections, NULL);
  g_autofree char *text = lvsctl_json_document_write (items, 7, NULL);

  g_assert_cmpstr (text, ==, written);
}

static LvsctlReading *
read_json (const char *text, GError **error)
{
  g_autoptr (LvsctlReading) reading = lvsctl_reading_new ();

  if (!lvsctl_json_document_read (reading, "web.json", text, strlen (text), error))
    return NULL;
  return g_steal_pointer (&reading);
}

static void
test_people_may_leave_presets_out (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LvsctlReading) reading =
      read_json ("{ \"services\": [ { \"key\": \"tcp/192.0.2.1:80\", \"scheduler\": \"sh\","
                 " \"flags\": [ \"sh-port\" ], \"destinations\": ["
                 " { \"endpoint\": \"192.0.2.11:80\" } ] } ],"
                 " \"addresses\": [ { \"address\": \"192.0.2.1\", \"interface\": \"eth0\" } ] }",
                 &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = lvsd_document_format (reading->items, LVSD_DOCUMENT_EXPORT);
  g_assert_cmpstr (text, ==,
                   "[lvsd]\nformat=1\n\n[service tcp-192.0.2.1-80]\nkey=tcp/192.0.2.1:80\n"
                   "scheduler=sh\nflags=sh-port\n"
                   "destination 192.0.2.11 80=method=direct weight=1\n\n[address 192.0.2.1]\n"
                   "interface=eth0\nprefix-length=32\n");
}

#define SERVICE "{\"key\": \"tcp/192.0.2.1:80\", \"scheduler\": \"rr\""

static void
test_mistakes_have_a_place (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } cases[] = {
    { "", "web.json:1:" },
    { "[]", "web.json:1:1: the text must be one object" },
    { "{\"services\": [\n  {\"key\": 1}\n]}", "web.json:2:3: service: key: is missing" },
    { "{\"services\": [\n\n" SERVICE ", \"weight\": 1}]}",
      "web.json:3:1: 'weight' is not known for a service" },
    { "{\"services\": [" SERVICE ", \"one-packet\": true}]}",
      "web.json:1:15: 'one-packet' is not known for a service" },
    { "{\"services\": [" SERVICE ", \"persistence\": 2678401}]}",
      "persistence: 2678401 is out of range" },
    { "{\"services\": [" SERVICE ", \"persistence\": 1.5}]}",
      "persistence: must be a whole number" },
    { "{\"services\": [" SERVICE ", \"persistence\": null}]}",
      "persistence: must be a whole number" },
    { "{\"services\": [" SERVICE ", \"persistence\": \"1\"}]}",
      "persistence: a number is expected" },
    { "{\"services\": [" SERVICE ", \"persistence\": 99999999999999999999999}]}", "web.json:1:" },
    { "{\"services\": [" SERVICE ", \"flags\": [1]}]}", "flags: must be" },
    { "{\"services\": [" SERVICE ", \"scheduler\": \"wlc\"}]}",
      "web.json:1:15: has a member twice" },
    { "{\"services\": [" SERVICE "}, " SERVICE "}]}", "stands further up already" },
    { "{\"services\": [" SERVICE ", \"destinations\": {}}]}", "destinations: must be an array" },
    { "{\"services\": [" SERVICE ", \"destinations\": [ 5 ]}]}",
      "web.json:1:15: destinations[0]: must be an object" },
    { "{\"services\": [" SERVICE ",\n\"destinations\": [ {\"endpoint\": \"192.0.2.11\"} ]}]}",
      "web.json:2:19: '192.0.2.11': a port is missing" },
    { "{\"service\": []}", "web.json:1:1: 'service' is not a section that lvsd knows" },
    { "{\"format\": 2}", "web.json:1:1: format 2 is of a newer lvsd" },
    { "{\"format\": \"1\"}", "web.json:1:1: format: must be the number 1" },
    { "{\"services\": [" SERVICE "}]", "web.json:1:" },
    { "{\"services\": [" SERVICE "}]} x", "web.json:1:" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsctlReading) reading = read_json (cases[i].text, &error);

      if (reading != NULL || strstr (error->message, cases[i].message) == NULL)
        g_error ("%s: '%s' does not hold '%s'", cases[i].text,
                 reading != NULL ? "" : error->message, cases[i].message);
    }
}

/* A parser that recurses runs out of stack, or the machine out of memory. */
static void
test_deep_and_many (void)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autofree char *many = g_strnfill (9000000, ',');
  g_autoptr (GError) error = NULL;

  g_assert_null (read_json (deep, &error));
  g_assert_cmpstr (error->message, ==, "web.json:1:33: nests deeper than 32");
  g_clear_error (&error);
  g_assert_null (read_json (many, &error));
  g_assert_nonnull (strstr (error->message, "holds more than 8000000 values"));
}

/* Bytes replaced, taken out and put in: whatever comes of it, it ends with items or with a place.
 */
static void
test_mutations (void)
{
  const char *seed_text = "{\"services\": [" SERVICE ", \"destinations\": [ {\"endpoint\": "
                          "\"192.0.2.11:80\", \"weight\": 3}]}], \"roles\": [ {\"address\": "
                          "\"192.0.2.9\"} ]}";
  static const char alphabet[] = "{}[]:,\"\\ 0192.e-tfn\n\x80\x01";
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);

  for (guint i = 0; i < 5000; i++)
    {
      g_autoptr (GString) text = g_string_new (seed_text);
      g_autoptr (LvsctlReading) reading = NULL;
      g_autoptr (GError) error = NULL;

      for (int n = g_rand_int_range (rand, 1, 6); n > 0; n--)
        {
          gssize at = g_rand_int_range (rand, 0, (gint32) text->len - 1);

          if (g_rand_boolean (rand))
            g_string_erase (text, at, g_rand_int_range (rand, 0, 3) % (int) (text->len - at));
          if (g_rand_boolean (rand))
            g_string_insert_c (text, at, alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)]);
        }
      reading = read_json (text->str, &error);
      g_assert_true ((reading == NULL) == (error != NULL));
      if (error != NULL)
        g_assert_true (g_str_has_prefix (error->message, "web.json:"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/has-identity-and-fields", test_json_has_identity_and_fields);
  g_test_add_func ("/json/people-may-leave-presets-out", test_people_may_leave_presets_out);
  g_test_add_func ("/json/mistakes-have-a-place", test_mistakes_have_a_place);
  g_test_add_func ("/json/deep-and-many", test_deep_and_many);
  g_test_add_func ("/json/mutations", test_mutations);
  return g_test_run ();
}
