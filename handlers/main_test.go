package handlers_test

import (
	"os"
	"testing"

	"plaza/handlers/shrink"
	"plaza/store/storetest"
)

// onceOnly names the tests that run on one database alone, since they are about files, or about headers,
// forms and cookies, which no database changes.
const onceOnly = `^Test(PostOfOneWhoLeaves|LostDatabase|StreamOfARestoredFile|SessionIsKeptAsAHash|WorkOf|` +
	`EveryResponse|StreamIsSecure|StrictTransport|PagesKeepToThePolicy|OtherSites|GetChanges|OwnPages|` +
	`PagesAreCompressed|SmallAnswers|ClientAddress|ForwardingHeaders|HeadIs|NothingThere|NoSuchMethod|TooLarge|` +
	`MalformedForms|FieldsThatAreNoText|LoginCostsTheSame|SessionCookie|PanicsStayInside|RequestsAreLogged|LogTells)`

func TestMain(m *testing.M) {
	shrink.Main()
	os.Exit(storetest.OnBoth(m, onceOnly))
}
