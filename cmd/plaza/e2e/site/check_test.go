package site

import (
	"strings"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/handlers/jobs/mail/smtptest"
)

// TestCheck says of a site that works and of one that does not what stands in its way.
func TestCheck(t *testing.T) {
	t.Parallel()
	n := openNamed(t)
	_, _ = get(t, n.visitor(), "https://"+mainName+"/healthz", "") // once it has a certificate
	server, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	const missing = "unknown.invalid"
	checked := finish(t, command(t, "check", "--db", n.Database, "--domain", mainName+","+missing,
		"--smtp", "smtp://127.0.0.1:"+server.Port(), "--mail-from", "plaza@example.org"))
	if checked.status != failed {
		t.Errorf("it ends with %d", checked.status)
	}
	for _, line := range []string{
		"ok: the database is ", "ok: the certificate of " + mainName, "ok: the mail server takes mail",
		"problem: DNS has no address for " + missing,
		"note: " + missing + " has no certificate",
	} {
		if !strings.Contains(checked.out, line) {
			t.Errorf("it does not say %q:\n%s", line, checked.out)
		}
	}

	server.Stop()
	checked = finish(t, command(t, "check", "--db", n.Database, "--smtp", "smtp://127.0.0.1:"+server.Port(), "--mail-from", "plaza@example.org"))
	if !strings.Contains(checked.out, "problem: the mail server cannot be used") || checked.status != failed {
		t.Errorf("without a mail server it ends with %d and says\n%s", checked.status, checked.out)
	}
	checked = finish(t, command(t, "check", "--db", n.Database))
	if checked.status != 0 || strings.Contains(checked.out, "problem") {
		t.Errorf("without a name it ends with %d and says\n%s%s", checked.status, checked.out, checked.err)
	}
	checked = finish(t, command(t, "check", "--db", n.Database+".missing"))
	if checked.status != failed || !strings.Contains(checked.out, "there is no database") {
		t.Errorf("without a database it ends with %d and says\n%s", checked.status, checked.out)
	}
	e2etest.Eventually(t, "the site still serves", n.IsHealthy)
}
