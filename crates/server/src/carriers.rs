//! The carriers that a configuration asks for.

use crate::configuration::{Configuration, Security, SmsFrom, Smtp, Twilio};
use anyhow::Context;
use domain::notification::Channel;
use engine::{Clock, Ids};
use notify::{
    carrier::{
        Carrier, ChatCarrier, HttpClient, MailCarrier, MailSecurity, MailSettings, PushCarrier, SmsCarrier, SmsSender,
        TwilioAccount, TwilioSettings, VoiceCarrier, WebhookCarrier,
    },
    egress::Egress,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Authorities;

/// Carriers by channel.
pub(crate) type Carriers = BTreeMap<Channel, Arc<dyn Carrier>>;

/// One for each channel that the configuration makes possible. Webhooks, chats and push need none of its settings.
pub(crate) fn carriers(configuration: &Configuration, clock: &Clock) -> anyhow::Result<Carriers> {
    let authorities = &configuration.tls.authorities;
    let mut carriers = Carriers::new();
    if let Some(smtp) = &configuration.smtp {
        let mail = MailCarrier::new(mail_settings(smtp, authorities), clock.clone()).context("smtp")?;
        carriers.insert(Channel::Email, Arc::new(mail));
    }
    if let Some(twilio) = &configuration.twilio {
        telephone(&mut carriers, twilio, authorities, clock)?;
    }
    let http = outgoing(configuration)?;
    carriers.insert(Channel::Webhook, Arc::new(WebhookCarrier::new(http.clone(), clock.clone())));
    carriers.insert(Channel::Chat, Arc::new(ChatCarrier::new(http.clone(), clock.clone())));
    carriers.insert(Channel::Push, Arc::new(PushCarrier::new(http, clock.clone(), Ids::system())));
    Ok(carriers)
}

/// The client for what users of this server have it call: it goes where the configuration allows.
pub(crate) fn outgoing(configuration: &Configuration) -> anyhow::Result<HttpClient> {
    let egress = Egress::new(configuration.egress.allow.clone()).trusting(&configuration.tls.authorities);
    HttpClient::new(egress).context("outgoing requests")
}

fn telephone(carriers: &mut Carriers, twilio: &Twilio, authorities: &Authorities, clock: &Clock) -> anyhow::Result<()> {
    let settings = TwilioSettings {
        base_url: twilio.base_url.clone(),
        account_sid: twilio.account_sid.clone(),
        auth_token: twilio.auth_token.reveal().to_owned(),
        authorities: authorities.clone(),
    };
    let account = TwilioAccount::new(&settings, clock.clone()).context("twilio")?;
    if let Some(from) = &twilio.sms_from {
        let sender = match from {
            SmsFrom::Number(number) => SmsSender::Number(number.clone()),
            SmsFrom::MessagingService(sid) => SmsSender::MessagingService(sid.clone()),
        };
        carriers.insert(Channel::Sms, Arc::new(SmsCarrier::new(account.clone(), sender)));
    }
    if let Some(from) = &twilio.voice_from {
        carriers.insert(Channel::Voice, Arc::new(VoiceCarrier::new(account, from.clone())));
    }
    Ok(())
}

fn mail_settings(smtp: &Smtp, authorities: &Authorities) -> MailSettings {
    MailSettings {
        host: smtp.host.clone(),
        port: smtp.port,
        security: match smtp.security {
            Security::Starttls => MailSecurity::StartTls,
            Security::Tls => MailSecurity::Tls,
            Security::None => MailSecurity::None,
        },
        username: smtp.credentials.as_ref().map(|credentials| credentials.username.clone()),
        password: smtp.credentials.as_ref().map(|credentials| credentials.password.reveal().to_owned()),
        from: smtp.from.clone(),
        reply_to: None,
        authorities: authorities.clone(),
    }
}
