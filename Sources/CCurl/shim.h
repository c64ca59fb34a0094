#pragma once
// CURL_STRICTER makes CURL * and CURLM * distinct types, which Swift then keeps apart.
#define CURL_STRICTER
#include <curl/curl.h>
