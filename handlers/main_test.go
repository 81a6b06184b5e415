package handlers_test

import (
	"os"
	"testing"

	"plaza/store/storetest"
)

// onceOnly names the tests that are about files, and those about HTTP alone: whatever keeps the
// accounts, headers, forms and cookies are the same.
const onceOnly = `^Test(PostOfOneWhoLeaves|LostDatabase|SessionIsKeptAsAHash|WorkOf|` +
	`EveryResponse|StreamIsSecure|StrictTransport|PagesKeepToThePolicy|OtherSites|GetChanges|OwnPages|` +
	`PagesAreCompressed|SmallAnswers|ClientAddress|ForwardingHeaders|HeadIs|NothingThere|NoSuchMethod|TooLarge|` +
	`MalformedForms|FieldsThatAreNoText|LoginCostsTheSame|SessionCookie|PanicsStayInside|RequestsAreLogged|LogTells)`

func TestMain(m *testing.M) { os.Exit(storetest.OnBoth(m, onceOnly)) }
