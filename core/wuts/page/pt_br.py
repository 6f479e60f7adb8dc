"""The page in Brazilian Portuguese."""

from .words import Words

_INSECURE = (
    "Não foi possível acessar com segurança o gateway que vincula celulares. Não há nada de "
    "errado com o seu celular. Avise quem enviou este link."
)
_UNREACHABLE = (
    "Não foi possível acessar o gateway que vincula celulares. Não há nada de errado com o seu "
    "celular. Avise quem enviou este link."
)
_NO_PASSKEY = (
    "Parece que o WhatsApp está pedindo uma chave de acesso. Se o celular mostra “Continue no seu "
    "outro dispositivo” ou pede para criar uma chave de acesso, não dá para concluir a conexão "
    "por enquanto."
)

PT_BR = Words(
    language="pt-BR",
    heading="Vincular um celular",
    title="Vincular um celular a {name}",
    cover="Deixe o celular por perto",
    cover_more="Pediram que você vinculasse um celular a {name}. O código aparece somente neste "
    "navegador e por pouco tempo.",
    cover_warning="Ao vincular, quem administra {name} passa a ter acesso à conta do WhatsApp "
    "desse celular: pode ler as mensagens e enviar em nome dela. Continue somente se você sabe "
    "quem enviou este link.",
    cover_button="Mostrar o código",
    preparing="Pedindo um código ao WhatsApp…",
    renewing="Esse código expirou. Pedindo um novo…",
    waiting={
        "gateway_busy": "O gateway está ocupado. Tentando de novo…",
        "rate_limited": "O gateway está ocupado. Tentando de novo…",
    },
    waits="O gateway não responde. Tentando de novo…",
    trouble="O gateway está demorando para responder. Isto pode levar um pouco mais de tempo.",
    connection_lost="Esta página perdeu a conexão. Tentando de novo…",
    qr="Escaneie este código com o WhatsApp",
    qr_alt="Código QR para escanear com o WhatsApp",
    qr_hint="É este o celular que você quer vincular? Ele não consegue escanear a própria tela. "
    "Abra este link em outra tela ou peça um link com um código para digitar.",
    code="Digite este código no WhatsApp",
    code_for="Ele funciona somente no celular de número com final {phone}.",
    code_label="Código para digitar",
    copy="Copiar",
    copied="Copiado",
    time_left="Válido por {time}",
    time_label="Tempo restante",
    steps_android=(
        "Abra o WhatsApp.",
        "Toque em ⋮ e depois em Dispositivos conectados.",
    ),
    steps_iphone=(
        "Abra o WhatsApp.",
        "Toque em Configurações ou Você e depois em Dispositivos conectados.",
    ),
    step_link="Toque em Conectar dispositivo.",
    step_scan="Aponte o celular para este código.",
    step_number="Toque em Conectar com número de telefone.",
    step_type="Digite o código.",
    scanned="O celular aceitou o código",
    scanned_more="Deixe o celular ligado e com internet enquanto a conexão é verificada. Leva "
    "cerca de meio minuto.",
    paired="Vinculado",
    paired_more="O celular está vinculado a {name}. Você já pode fechar esta página.",
    paired_already="{name} já está vinculado; não é preciso fazer nada. Você já pode fechar esta "
    "página.",
    wrong_account="Outro celular foi vinculado",
    wrong_account_more="O celular vinculado tem o número com final {phone}, mas o esperado "
    "termina em {other}. Avise quem enviou este link. Para desfazer, remova o dispositivo no "
    "WhatsApp, em Dispositivos conectados.",
    unchecked="Há um celular vinculado, mas não verificado",
    unchecked_more="O gateway não informa qual celular foi vinculado. O esperado tem o número "
    "com final {other}. No WhatsApp desse celular, abra Dispositivos conectados e diga a quem "
    "enviou este link se há um dispositivo novo ali.",
    stalled={
        "passkey_suspected": (
            "O WhatsApp pode estar pedindo uma chave de acesso",
            (
                "Olhe o celular. Se ele mostra “Continue no seu outro dispositivo” ou “Crie uma "
                "chave de acesso para entrar”, o WhatsApp está pedindo uma chave de acesso "
                "(passkey). Um código novo ou outra forma de vincular não resolve. Excluir a "
                "chave de acesso no celular ajudou algumas pessoas, mas não todas."
            ),
            (
                "Avise quem enviou este link: o gateway precisa oferecer suporte à etapa da "
                "chave de acesso, e só quem o administra pode mudar isso."
            ),
            (
                "Se o celular não mostra nada disso, verifique se ele está com internet. Esta "
                "página continua acompanhando: se o celular for vinculado mesmo assim, você verá "
                "aqui."
            ),
        ),
        "phone_offline": (
            "O celular aceitou o código, mas a conexão ainda não começou",
            (
                "Deixe o celular com internet e com o WhatsApp aberto. Esta página continua "
                "acompanhando."
            ),
        ),
        "link_dropped": (
            "O celular foi vinculado, mas a conexão caiu",
            (
                "Deixe o celular com internet e com o WhatsApp aberto. Esta página continua "
                "acompanhando."
            ),
        ),
    },
    failed="Nenhum celular foi vinculado",
    reason="Motivo: {reason}",
    ask_again="Peça um novo link a quem enviou este.",
    over={
        "expired": "Este link expirou.",
        "cancelled": "Este link foi encerrado ou substituído por um mais novo.",
        "unknown": "Este link não funciona. Talvez esteja incompleto ou tenha expirado.",
        "too_many": "Houve muitos links errados vindos da sua rede. Espere um minuto e abra o "
        "seu link de novo.",
    },
    failures={
        "deadline_passed": "O tempo acabou antes que um celular fosse vinculado.",
        "link_dropped": "O celular aceitou o código, mas a conexão não durou. Verifique se o "
        "celular está com internet e se há menos de quatro dispositivos em Dispositivos "
        "conectados.",
        "passkey_suspected": _NO_PASSKEY + "Um código novo não resolve. Avise quem enviou este "
        "link: quem administra o gateway precisa oferecer suporte à etapa da chave de acesso.",
        "pair_error": "O WhatsApp recusou vincular o celular. Talvez já haja quatro "
        "dispositivos: no WhatsApp, abra Dispositivos conectados e remova um que você não usa "
        "mais.",
        "phone_offline": "O celular ficou sem internet depois de aceitar o código. Verifique a "
        "conexão dele.",
        "pairing_in_progress": "Outra pessoa está vinculando um celular a este dispositivo agora.",
        "account_changed": "A conta deste dispositivo foi alterada nesse meio-tempo.",
        "account_removed": "A conta deste dispositivo foi removida nesse meio-tempo. Avise quem "
        "enviou este link.",
        "token_refused": "O gateway não aceita mais a conta deste dispositivo. Avise quem enviou "
        "este link: é preciso trocar o token da conta.",
        "not_allowed": "A conta não pode vincular um celular a este dispositivo. Avise quem "
        "enviou este link.",
        "device_gone": "Este dispositivo não existe mais. Avise quem enviou este link.",
        "invalid_phone_number": "O número de telefone para o código não serve. Avise quem enviou "
        "este link.",
        "wrong_device": "O gateway respondeu sobre outro dispositivo. Avise quem enviou este "
        "link e não tente de novo antes que isso seja verificado.",
        "gateway_unreachable": _UNREACHABLE,
        "certificate_untrusted": _INSECURE,
        "certificate_expired": _INSECURE,
        "certificate_wrong_host": _INSECURE,
        "name_not_found": _UNREACHABLE,
        "connection_refused": _UNREACHABLE,
        "too_many_open_files": "O sistema que mostra esta página está sobrecarregado. Avise quem "
        "enviou este link.",
        "refused": "O gateway recusou vincular um celular. Avise quem enviou este link.",
    },
    failure="Algo deu errado. Não há nada de errado com o seu celular. Avise quem enviou este "
    "link.",
    taken="Este link foi aberto em outro navegador e funciona somente nele. Se não foi você quem "
    "abriu, avise quem enviou o link.",
    taken_button="Foi neste navegador",
)
